package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.CostOps;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import dev.nightfuse.engine.weights.CheckpointMatch;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A weights file that was found to fit a network. Values are read when they are written. */
final class FittedWeights {

  /** In MAFS checkpoints, without influence on any output (specification of the release, 2.9). */
  private static final Pattern MAFS_DEAD =
      Pattern.compile(
          "encoder\\.(SFEB2|to_fused_seg|ARM|SIM3|seg_decoder)\\..*"
              + "|seg_decoder\\.(pixel_decoder\\.mask_features|intermediate_head|invpt\\.redu_chan"
              + "|invpt\\.norm_mt|seg_head\\.boundary_conv[12]?)\\..*");

  /** In every checkpoint of a trained network, and in SeAFusion's without use. */
  private static final Pattern COUNTERS =
      Pattern.compile(".*\\.num_batches_tracked|decode[1-4]\\.bn\\..*");

  private static final String CLASS_LAYER = "seg_decoder.seg_head.semantic_conv2.weight";
  private static final String POSITIONS = "model1.pos_embed";
  private static final int MFNET_CLASSES = 9;
  private static final int MAFS_CLASSES = 15;

  private final WeightsFile file;
  private final ImportOptions options;
  private final int grid;
  private final ParameterStore parameters;
  private final List<String> unknown;
  private final boolean shipped;
  private final long sizeBytes;

  private FittedWeights(
      WeightsFile file,
      ImportOptions options,
      int grid,
      CheckpointMatch match,
      List<String> unknown,
      boolean shipped) {
    this.file = file;
    this.shipped = shipped;
    this.options = options;
    this.grid = grid;
    this.unknown = unknown;
    this.parameters = ParameterStore.generated((key, shape) -> parameter(match, key, shape));
    long bytes = 0;
    for (WeightTensor tensor : match.found().values()) {
      bytes += (long) tensor.elements() * Float.BYTES;
    }
    this.sizeBytes = bytes;
  }

  /**
   * @throws EngineException when tensors that the wanted outputs need are missing or have other
   *     shapes; lists them by name
   */
  static FittedWeights open(WeightsFile file, ImportOptions wanted) throws EngineException {
    ImportOptions options = wanted.withClasses(classes(file, wanted));
    int grid = grid(file, wanted);
    CheckpointMatch match = CheckpointMatch.of(tensors(options, grid), file);
    match.orThrow(options.network().id(), file);
    Map<String, List<Integer>> whole = tensors(options.withPart(ImportOptions.Part.FULL), grid);
    List<String> unknown = new ArrayList<>();
    for (String key : match.extra()) {
      if (!whole.containsKey(key) && !ignored(options.network(), key)) {
        unknown.add(key);
      }
    }
    try {
      boolean shipped = ModelStore.ships(options.network(), file.file());
      return new FittedWeights(file, options, grid, match, unknown, shipped);
    } catch (IOException e) {
      throw new EngineException(
          "weights file %s cannot be read: %s".formatted(file.file(), e.getMessage()), e);
    }
  }

  private static boolean ignored(Network network, String key) {
    return COUNTERS.matcher(key).matches()
        || (network == Network.MAFS
            && (MAFS_DEAD.matcher(key).matches()
                || key.matches("seg_decoder\\.(arm|classifier_Z)[1-6].*")))
        || (network == Network.MAEFUSE && key.startsWith("model2."));
  }

  /** What the wanted outputs need, found by running the network on shapes alone. */
  private static Map<String, List<Integer>> tensors(ImportOptions options, int grid) {
    Map<String, List<Integer>> wanted = new LinkedHashMap<>();
    for (Map.Entry<String, Cost.Tensor> tensor : cost(options, grid).tensors().entrySet()) {
      wanted.put(
          tensor.getKey(), Arrays.stream(tensor.getValue().shape().toArray()).boxed().toList());
    }
    return wanted;
  }

  static Cost cost(ImportOptions options, int grid) {
    CostOps ops = new CostOps();
    Map<String, CostOps.Value> inputs = new LinkedHashMap<>();
    Deployment deployment = new Deployment(options, grid);
    for (Deployment.Input input : deployment.inputs()) {
      inputs.put(input.name(), ops.input(input.shape()));
    }
    return ops.cost(List.copyOf(deployment.forward(ops, inputs).values()));
  }

  private static int classes(WeightsFile file, ImportOptions wanted) {
    if (!wanted.network().segments()) {
      return 0;
    }
    if (wanted.network() == Network.MFNET || wanted.network().nightNet() != null) {
      return MFNET_CLASSES;
    }
    if (wanted.classes() != 0) {
      return wanted.classes();
    }
    for (WeightTensor tensor : file.tensors().values()) {
      if (tensor.name().endsWith(CLASS_LAYER) && tensor.shape().size() == 4) {
        return Math.min(255, Math.max(2, tensor.shape().get(0)));
      }
    }
    return MAFS_CLASSES;
  }

  private static int grid(WeightsFile file, ImportOptions wanted) {
    if (wanted.network() == Network.MAEFUSE) {
      for (WeightTensor tensor : file.tensors().values()) {
        if (tensor.name().endsWith(POSITIONS) && tensor.shape().size() == 3) {
          return Math.max(1, (int) Math.round(Math.sqrt(tensor.shape().get(1))));
        }
      }
    }
    return Deployment.GRID;
  }

  /**
   * A network may ask for more than the wanted outputs need; what it asks for in vain is not in the
   * written graph, and so never read.
   */
  private static Parameter parameter(CheckpointMatch match, String key, Shape shape) {
    WeightTensor tensor = match.found().get(key);
    if (tensor == null) {
      return Parameter.lazy(
          key,
          shape,
          () -> {
            throw new IllegalStateException("parameter " + key + " is needed after all");
          });
    }
    return Parameter.lazy(key, shape, () -> read(tensor));
  }

  private static ByteBuffer read(WeightTensor tensor) {
    try {
      return Parameter.bytes(tensor.readFloats());
    } catch (EngineException e) {
      throw new UncheckedIOException(new IOException(e.getMessage(), e));
    }
  }

  /** The graph of these options; options differ from the checkpoint's in part and form only. */
  OnnxOps record(ImportOptions wanted) throws EngineException {
    OnnxOps ops = new OnnxOps(parameters);
    Deployment deployment = deployment(wanted);
    Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    for (Deployment.Input input : deployment.inputs()) {
      inputs.put(input.name(), ops.input(input.name(), input.type(), input.shape()));
    }
    deployment.forward(ops, inputs).forEach(ops::output);
    if (wanted.half()) {
      ops.half();
    }
    Int8Calibration calibration = wanted.calibration();
    if (calibration != null) {
      try {
        ops.bytes(calibration.ranges());
      } catch (IllegalArgumentException e) {
        throw new EngineException("the calibration does not fit: " + e.getMessage(), e);
      }
    }
    return ops;
  }

  Deployment deployment(ImportOptions wanted) {
    return new Deployment(wanted, grid);
  }

  /** With the number of classes that the checkpoint has. */
  ImportOptions options() {
    return options;
  }

  List<String> unknown() {
    return unknown;
  }

  /** Whether these are the weights that come with Nightfuse, of which it knows where from. */
  boolean shipped() {
    return shipped;
  }

  /** Of the values that are written, as FP32. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** Of one pair, in the written graph. */
  long multiplyAdds() {
    return cost(options.withBatch(1), grid).multiplyAdds();
  }

  String fileName() {
    return String.valueOf(file.file().getFileName());
  }

  String container() {
    return file.container();
  }
}
