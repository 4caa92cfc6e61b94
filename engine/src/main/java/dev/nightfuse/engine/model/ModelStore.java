package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.DetailTransfer;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Finds a model by the name of a built-in one or by its directory. Built-in models are written for
 * the wanted size into the cache directory; writing is atomic, so several processes may do it at
 * once.
 *
 * <p>Stateless; safe for every thread.
 */
public final class ModelStore {

  /** The network without weights that is always there. */
  public static final String DETAIL_TRANSFER = "detail-transfer";

  private static final int MIN_SIDE_PX = 16;

  /** The same weights in other numbers; told by what stands behind the network's name. */
  private enum Form {
    FP32(""),
    FP16("-fp16"),
    INT8("-int8");

    private final String suffix;

    Form(String suffix) {
      this.suffix = suffix;
    }

    String nameOf(Network network) {
      return network.id() + suffix;
    }
  }

  private final Path cacheDirectory;
  private final @Nullable EngineProvider runtime;

  /**
   * @param runtime measures the error of FP16 and INT8 models when they are first written
   */
  public ModelStore(Path cacheDirectory, EngineProvider runtime) {
    this.cacheDirectory = cacheDirectory;
    this.runtime = runtime;
  }

  /** A store that gives FP32 models only. */
  public ModelStore(Path cacheDirectory) {
    this.cacheDirectory = cacheDirectory;
    this.runtime = null;
  }

  /** Names of the models that need no file. */
  public List<String> builtIn() {
    List<String> names = new ArrayList<>();
    for (Form form : Form.values()) {
      trained().filter(network -> has(network, form)).map(form::nameOf).forEach(names::add);
    }
    names.add(DETAIL_TRANSFER);
    return List.copyOf(names);
  }

  /** Whether there is a model of this name, or a directory of this path; it may be damaged. */
  public boolean has(String nameOrDirectory) {
    return builtIn().contains(nameOrDirectory) || Files.isDirectory(Path.of(nameOrDirectory));
  }

  /**
   * The model of this name, or in the directory of this path, for video of this size.
   *
   * @throws EngineException when there is no such model, its files are damaged, the size is not
   *     possible, it is for pictures from files alone, or its precision costs more accuracy than it
   *     may
   */
  public ModelFile resolve(String nameOrDirectory, int widthPx, int heightPx)
      throws EngineException {
    ModelFile model = resolve(nameOrDirectory, widthPx, heightPx, false);
    if (model.manifest().fullRange()) {
      throw new EngineException(
          "model %s takes luma of 0 to 255, as files have it, and video has 16 to 235: import it without --full-range"
              .formatted(nameOrDirectory));
    }
    return model;
  }

  /**
   * Likewise for pictures from files, whose luma has full range: a built-in model loses nothing to
   * the narrower range of video then. What a directory's model takes is in its manifest.
   */
  public ModelFile resolveForPictures(String nameOrDirectory, int widthPx, int heightPx)
      throws EngineException {
    return resolve(nameOrDirectory, widthPx, heightPx, true);
  }

  private ModelFile resolve(String nameOrDirectory, int widthPx, int heightPx, boolean fullRange)
      throws EngineException {
    if (nameOrDirectory.equals(DETAIL_TRANSFER)) {
      return detailTransfer(widthPx, heightPx);
    }
    for (Network network : trained().toList()) {
      for (Form form : Form.values()) {
        if (nameOrDirectory.equals(form.nameOf(network)) && has(network, form)) {
          return trained(network, form, widthPx, heightPx, fullRange);
        }
      }
    }
    Path directory = Path.of(nameOrDirectory);
    if (Files.isDirectory(directory)) {
      return Accuracy.requireWithinLimits(ModelFile.read(directory));
    }
    throw new EngineException(
        "no model %s: built in are %s; or give the directory that holds a model's %s"
            .formatted(nameOrDirectory, String.join(", ", builtIn()), ModelFile.MANIFEST_NAME));
  }

  private static Stream<Network> trained() {
    return Arrays.stream(Network.values())
        .filter(network -> ModelStore.class.getResource(resource(network)) != null);
  }

  private static String resource(Network network) {
    return network.id() + ".safetensors";
  }

  /** Whether a file holds the weights of the network that come with this build. */
  static boolean ships(Network network, Path weights) throws IOException {
    if (trained().noneMatch(network::equals)) {
      return false;
    }
    byte[] ours = bytes(resource(network));
    return Files.size(weights) == ours.length && Arrays.equals(Files.readAllBytes(weights), ours);
  }

  private boolean has(Network network, Form form) {
    return switch (form) {
      case FP32 -> true;
      case FP16 -> runtime != null;
      case INT8 -> runtime != null && ModelStore.class.getResource(calibration(network)) != null;
    };
  }

  private static String calibration(Network network) {
    return Form.INT8.nameOf(network) + ".json";
  }

  private static byte[] bytes(String resource) throws IOException {
    try (InputStream in = ModelStore.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException(resource + " is not in this build");
      }
      return in.readAllBytes();
    }
  }

  /** The shipped weights in a graph of this size, written when it is first asked for. */
  private ModelFile trained(
      Network network, Form form, int widthPx, int heightPx, boolean fullRange)
      throws EngineException {
    String name = form.nameOf(network);
    try {
      byte[] weights = bytes(resource(network));
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update((byte) Deployment.EDITION);
      digest.update(weights);
      ImportOptions options =
          ImportOptions.of(network, widthPx, heightPx)
              .withFullRange(fullRange)
              .withHalf(form == Form.FP16);
      if (form == Form.INT8) {
        byte[] measured = bytes(calibration(network));
        digest.update(measured);
        options = options.withCalibration(Int8Calibration.parse(measured, calibration(network)));
      }
      String sha = HexFormat.of().formatHex(digest.digest());
      Path directory =
          cacheDirectory.resolve(
              "%s-%dx%d%s-%s"
                  .formatted(
                      name, widthPx, heightPx, fullRange ? "-full" : "", sha.substring(0, 12)));
      if (!intact(directory)) {
        Path file = temporary(".safetensors");
        try {
          Files.write(file, weights);
          new ModelImporter(options.coarse() ? runtime : null, ModelImporter.Listener.SILENT)
              .run(file, options, directory, true);
        } catch (IOException e) {
          // Another process was faster.
          if (!intact(directory)) {
            throw e;
          }
        } finally {
          Files.deleteIfExists(file);
        }
      }
      return ModelFile.read(directory);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java runtime has SHA-256", e);
    } catch (IOException e) {
      throw new EngineException(
          "cannot write model %s below %s: %s".formatted(name, cacheDirectory, e.getMessage()), e);
    }
  }

  private ModelFile detailTransfer(int widthPx, int heightPx) throws EngineException {
    if (widthPx < MIN_SIDE_PX || heightPx < MIN_SIDE_PX) {
      throw new EngineException(
          "%s needs pictures of at least %d x %d, not %d x %d"
              .formatted(DETAIL_TRANSFER, MIN_SIDE_PX, MIN_SIDE_PX, widthPx, heightPx));
    }
    OnnxOps ops = new OnnxOps(ParameterStore.empty());
    Shape plane = Shape.of(Shape.DYNAMIC, 1, heightPx, widthPx);
    OnnxValue visible = ops.input(ModelManifest.VISIBLE_Y, DType.UINT8, plane);
    OnnxValue infrared = ops.input(ModelManifest.INFRARED, DType.UINT8, plane);
    ops.output(ModelManifest.FUSED_Y, new DetailTransfer().forward(ops, visible, infrared));
    try {
      return keep(ops, widthPx, heightPx);
    } catch (IOException e) {
      throw new EngineException(
          "cannot write model %s below %s: %s"
              .formatted(DETAIL_TRANSFER, cacheDirectory, e.getMessage()),
          e);
    }
  }

  /**
   * Writes into a directory that is named after size and content. Each file is renamed into place
   * when it is whole, and whoever else writes there writes the same bytes, so no lock is needed.
   */
  private ModelFile keep(OnnxOps ops, int widthPx, int heightPx)
      throws IOException, EngineException {
    Path onnx = temporary(".onnx");
    Path yaml = temporary(".yaml");
    try {
      try (FileChannel out = FileChannel.open(onnx, StandardOpenOption.WRITE)) {
        ops.write(DETAIL_TRANSFER, out);
      }
      String sha = ModelFile.sha256(onnx);
      String name =
          "%s-%dx%d-%s".formatted(DETAIL_TRANSFER, widthPx, heightPx, sha.substring(0, 12));
      Path directory = Files.createDirectories(cacheDirectory.resolve(name));
      if (!intact(directory)) {
        ModelFile.writeManifest(yaml, manifest(sha, widthPx, heightPx));
        Files.move(onnx, directory.resolve(ModelFile.ONNX_NAME), StandardCopyOption.ATOMIC_MOVE);
        Files.move(
            yaml, directory.resolve(ModelFile.MANIFEST_NAME), StandardCopyOption.ATOMIC_MOVE);
      }
      return ModelFile.read(directory);
    } finally {
      Files.deleteIfExists(onnx);
      Files.deleteIfExists(yaml);
    }
  }

  /** A new file in the cache directory; those of processes that died long ago go. */
  private Path temporary(String suffix) throws IOException {
    Path file = Files.createTempFile(Files.createDirectories(cacheDirectory), "writing-", suffix);
    ModelImporter.removeStale(cacheDirectory, "writing-.*", Files.getLastModifiedTime(file));
    return file;
  }

  private static ModelManifest manifest(String sha256, int widthPx, int heightPx) {
    return new ModelManifest(
        DETAIL_TRANSFER,
        sha256,
        List.of(ModelManifest.VISIBLE_Y, ModelManifest.INFRARED),
        widthPx,
        heightPx,
        1,
        0,
        List.of(),
        List.of(),
        "fp32",
        "none: weights-free",
        "none: no data");
  }

  private static boolean intact(Path directory) {
    try {
      ModelFile.read(directory);
      return true;
    } catch (EngineException e) {
      return false;
    }
  }
}
