package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.weights.WeightsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Turns a checkpoint into a model directory: ONNX, {@code model.yaml}, golden outputs. Weights pass
 * tensor by tensor from file to file, so the heap stays small whatever the network. The directory
 * appears whole or not at all.
 *
 * <p>Stateless apart from its listener; one import at a time per target.
 */
public final class ModelImporter {

  /** Hears how far an import is; called by the importing thread. */
  public interface Listener {

    /** Tells nobody. */
    Listener SILENT =
        new Listener() {
          @Override
          public void stage(String name, long totalBytes) {}

          @Override
          public void wrote(long bytes) {}
        };

    /** A new stage begins, such as "writing". */
    void stage(String name, long totalBytes);

    void wrote(long bytes);
  }

  /**
   * What was made.
   *
   * @param directory the model directory
   * @param unknown keys of the checkpoint that the network does not know; left out
   * @param accuracy against FP32; null when nothing was measured
   * @param licence of the weights, as the model says it
   */
  public record Report(
      Path directory, List<String> unknown, @Nullable Accuracy accuracy, String licence) {
    public Report {
      unknown = List.copyOf(unknown);
    }
  }

  /** An import takes minutes. */
  private static final long STALE_MS = 24 * 3_600_000L;

  private final @Nullable EngineProvider runtime;
  private final Listener listener;

  /**
   * @param runtime runs the model on formula pairs to record golden outputs and the error of FP16
   *     and INT8; null leaves both out, which those do not allow
   */
  public ModelImporter(@Nullable EngineProvider runtime, Listener listener) {
    this.runtime = runtime;
    this.listener = listener;
  }

  /**
   * Imports.
   *
   * @throws EngineException when checkpoint and network do not fit, an option cannot be, or the
   *     model is less accurate than it may be
   * @throws IOException when the directory cannot be written
   */
  public Report run(Path checkpoint, ImportOptions wanted, Path directory, boolean replace)
      throws EngineException, IOException {
    wanted.check();
    Path target = directory.toAbsolutePath().normalize();
    if (Files.exists(target)) {
      requireReplaceable(directory, target, replace);
    }
    Path parent = target.getParent();
    if (parent == null) {
      throw new EngineException(directory + " is not a place for a model");
    }
    Files.createDirectories(parent);
    try (WeightsFile file = WeightsFile.open(checkpoint)) {
      Path work = workFolder(parent, target);
      try {
        FittedWeights source = FittedWeights.open(file, wanted);
        if (wanted.calibration() != null) {
          wanted.calibration().requireFor(wanted.network(), ModelFile.sha256(checkpoint));
        }
        Accuracy accuracy = fill(work, source);
        moveInto(work, parent, target);
        return new Report(directory, source.unknown(), accuracy, licence(source));
      } catch (UncheckedIOException e) {
        throw new EngineException("%s: %s".formatted(checkpoint, e.getMessage()), e);
      } finally {
        delete(work);
      }
    }
  }

  /** A new folder beside the target; those of imports that died long ago go. */
  private static Path workFolder(Path parent, Path target) throws IOException {
    String prefix = ".importing-" + target.getFileName() + "-";
    // Named, not temporary: a temporary one would be closed to the user a service runs as. Not by
    // the process: in containers that is the same one every time.
    Path work = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
    removeStale(parent, named(prefix), Files.getLastModifiedTime(work));
    return work;
  }

  /** With a random number behind the prefix; not what "m-small" left when "m" is imported. */
  private static String named(String prefix) {
    return Pattern.quote(prefix) + "[0-9a-f-]{36}";
  }

  /** Removes what processes that died long before left, under names of this pattern. */
  static void removeStale(Path parent, String names, FileTime now) {
    try (Stream<Path> others = Files.list(parent)) {
      for (Path other : others.toList()) {
        if (other.getFileName().toString().matches(names)
            && Files.getLastModifiedTime(other).toMillis() < now.toMillis() - STALE_MS) {
          delete(other);
        }
      }
    } catch (IOException e) {
      // What cannot be removed, or another import removes now, is in nobody's way.
    }
  }

  private @Nullable Accuracy fill(Path work, FittedWeights source)
      throws EngineException, IOException {
    ImportOptions options = source.options();
    ModelManifest manifest = write(work, source, options, "");
    // What a bare graph computes is measured on the graph around it.
    boolean runnable = options.batch() == Shape.DYNAMIC || options.batch() == 1;
    if (options.coarse()) {
      String precision = options.precision().toUpperCase(Locale.ROOT);
      if (runtime == null) {
        throw new EngineException(precision + " needs a runtime to measure its error with");
      }
      ImportOptions planes = options.withRaw(false).withBatch(1);
      Path reference = Files.createDirectory(work.resolve("reference"));
      ModelManifest exact = write(reference, source, planes.exact(), "");
      PlaneOutputs expected = outputs(runtime, reference, exact, options);
      delete(reference);
      Path coarse = work;
      ModelManifest coarseManifest = manifest;
      if (options.raw() || !runnable) {
        coarse = Files.createDirectory(work.resolve("coarse"));
        coarseManifest = write(coarse, source, planes, "");
      }
      Accuracy accuracy = outputs(runtime, coarse, coarseManifest, options).against(expected);
      if (!coarse.equals(work)) {
        delete(coarse);
      }
      if (!accuracy.withinLimits(options.precision())) {
        throw new EngineException(
            "%s in %s is too far from FP32: %s; allowed are %s. Import it with FP32"
                .formatted(
                    options.network().id(),
                    precision,
                    accuracy,
                    accuracy.limits(options.precision())));
      }
      GoldenFile.write(work, expected);
      ModelFile.writeManifest(
          work.resolve(ModelFile.MANIFEST_NAME),
          manifest(source, options, manifest.sha256(), accuracy.toString()));
      return accuracy;
    }
    if (runtime != null && runnable && !options.raw()) {
      GoldenFile.write(work, outputs(runtime, work, manifest, options));
    }
    return null;
  }

  private PlaneOutputs outputs(
      EngineProvider provider, Path directory, ModelManifest manifest, ImportOptions options)
      throws EngineException {
    listener.stage("measuring", 0);
    ModelFile model = new ModelFile(directory.resolve(ModelFile.ONNX_NAME), manifest);
    return PlaneOutputs.of(provider, model, options.widthPx(), options.heightPx());
  }

  private ModelManifest write(
      Path work, FittedWeights source, ImportOptions options, String accuracy)
      throws EngineException, IOException {
    Path onnx = work.resolve(ModelFile.ONNX_NAME);
    listener.stage("writing", source.sizeBytes() * options.bits() / Float.SIZE);
    try (FileChannel file =
        FileChannel.open(onnx, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      source
          .record(options)
          .write(name(options, options.network().nightNet() == null), counted(file));
    }
    listener.stage("checking", 0);
    ModelManifest manifest = manifest(source, options, ModelFile.sha256(onnx), accuracy);
    ModelFile.writeManifest(work.resolve(ModelFile.MANIFEST_NAME), manifest);
    return manifest;
  }

  private WritableByteChannel counted(FileChannel file) {
    return new WritableByteChannel() {
      @Override
      public int write(ByteBuffer bytes) throws IOException {
        int written = file.write(bytes);
        listener.wrote(written);
        return written;
      }

      @Override
      public boolean isOpen() {
        return file.isOpen();
      }

      @Override
      public void close() throws IOException {
        file.close();
      }
    };
  }

  private static String name(ImportOptions options, boolean sized) {
    return "%s%s%s%s%s"
        .formatted(
            options.network().id(),
            sized ? "-%dx%d".formatted(options.widthPx(), options.heightPx()) : "",
            switch (options.part()) {
              case FULL -> "";
              case FUSION -> "-fusion";
              case SEGMENTATION -> "-segmentation";
            },
            options.coarse() ? "-" + options.precision() : "",
            options.raw() ? "-raw" : "");
  }

  private static ModelManifest manifest(
      FittedWeights source, ImportOptions options, String sha256, String accuracy) {
    boolean labels = options.segmented() && !options.raw();
    ClassNames classes =
        labels ? ClassNames.of(options.classes()) : new ClassNames(List.of(), List.of());
    List<String> inputs =
        options.raw()
            ? List.of(ModelManifest.INFRARED)
            : source.deployment(options).inputs().stream().map(Deployment.Input::name).toList();
    return new ModelManifest(
        // What is shipped is known by its name, at whatever size it was written.
        name(options, !source.shipped()),
        sha256,
        inputs,
        options.widthPx(),
        options.heightPx(),
        1,
        labels ? options.network().labelScale() : 0,
        classes.names(),
        classes.palette(),
        options.fullRange(),
        options.precision(),
        accuracy,
        Accuracy.check(options.precision()),
        source.multiplyAdds(),
        origin(source, options),
        licence(source));
  }

  private static String licence(FittedWeights source) {
    Network network = source.options().network();
    return network.nightNet() == null || source.shipped()
        ? network.licence()
        : "not stated; that of what %s was trained on".formatted(source.fileName());
  }

  private static String origin(FittedWeights source, ImportOptions options) {
    if (source.shipped()) {
      return "configs/training/%s-all.yaml, docs/models/nightnet.md"
          .formatted(options.network().id());
    }
    return "%s imported from %s (%s)%s"
        .formatted(
            options.network().id(),
            source.fileName(),
            source.container(),
            options.raw() ? "; bare graph, float tensors" : "");
  }

  /** A model or an empty folder, not a folder of models or the one that somebody works in. */
  private static void requireReplaceable(Path directory, Path target, boolean replace)
      throws EngineException, IOException {
    boolean model =
        Files.exists(target.resolve(ModelFile.MANIFEST_NAME))
            || Files.exists(target.resolve(ModelFile.ONNX_NAME));
    if (!model && !empty(target)) {
      throw new EngineException(
          "%s exists and is no model, it has no %s; name another folder"
              .formatted(directory, ModelFile.MANIFEST_NAME));
    }
    if (!replace) {
      throw new EngineException(directory + " exists; --force replaces it");
    }
  }

  private static boolean empty(Path target) throws IOException {
    if (!Files.isDirectory(target)) {
      return false;
    }
    try (Stream<Path> files = Files.list(target)) {
      return files.findAny().isEmpty();
    }
  }

  private static void moveInto(Path work, Path parent, Path target) throws IOException {
    String prefix = ".replaced-" + target.getFileName() + "-";
    Path old = null;
    if (Files.exists(target)) {
      old = Files.createDirectory(parent.resolve(prefix + UUID.randomUUID()));
      Files.move(target, old.resolve("old"));
    }
    try {
      Files.move(work, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (old != null) {
        Files.move(old.resolve("old"), target);
        delete(old);
      }
      throw e;
    }
    delete(old);
    // Not before: until now one of them may have been all that was left of the target.
    removeStale(parent, named(prefix), Files.getLastModifiedTime(parent));
  }

  private static void delete(@Nullable Path tree) throws IOException {
    if (tree == null || !Files.exists(tree)) {
      return;
    }
    try (Stream<Path> files = Files.walk(tree)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
