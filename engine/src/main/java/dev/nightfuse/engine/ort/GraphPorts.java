package dev.nightfuse.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.ModelManifest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Inputs and outputs of a session, checked against the model file contract and the pictures it will
 * be given.
 *
 * @param inputs plane inputs of the graph
 * @param outputs {@code fused_y} and, where the model segments, {@code labels}
 * @param dynamicBatch whether several pairs may run at once
 */
record GraphPorts(List<Port> inputs, List<Port> outputs, boolean dynamicBatch) {

  /** One plane of the graph. */
  record Port(String name, int widthPx, int heightPx) {
    int sizeBytes() {
      return widthPx * heightPx;
    }
  }

  static GraphPorts of(OrtSession session, ModelManifest manifest, EngineOptions options)
      throws OrtException, EngineException {
    String model = "model " + manifest.name();
    checkSize(manifest, options);
    Map<String, NodeInfo> in = session.getInputInfo();
    if (!in.keySet().equals(Set.copyOf(manifest.inputs()))) {
      throw new EngineException(
          "%s declares inputs %s, its graph has %s"
              .formatted(model, sorted(manifest.inputs()), sorted(in.keySet())));
    }
    Map<String, NodeInfo> out = session.getOutputInfo();
    Set<String> promised =
        manifest.segments()
            ? Set.of(ModelManifest.FUSED_Y, ModelManifest.LABELS)
            : Set.of(ModelManifest.FUSED_Y);
    if (!out.keySet().equals(promised)) {
      throw new EngineException(
          "%s must have outputs %s, its graph has %s"
              .formatted(model, sorted(promised), sorted(out.keySet())));
    }
    boolean dynamic = true;
    List<Port> inputs = new ArrayList<>();
    for (Map.Entry<String, NodeInfo> entry : in.entrySet()) {
      Port port = expected(entry.getKey(), manifest, options);
      dynamic &= check(model, port, entry.getValue());
      inputs.add(port);
    }
    List<Port> outputs = new ArrayList<>();
    for (Map.Entry<String, NodeInfo> entry : out.entrySet()) {
      Port port = expected(entry.getKey(), manifest, options);
      check(model, port, entry.getValue());
      outputs.add(port);
    }
    return new GraphPorts(List.copyOf(inputs), List.copyOf(outputs), dynamic);
  }

  private static void checkSize(ModelManifest manifest, EngineOptions options)
      throws EngineException {
    int width = options.widthPx();
    int height = options.heightPx();
    int multiple = manifest.sizeMultiple();
    boolean fixed = manifest.widthPx() > 0;
    if (fixed && (manifest.widthPx() != width || manifest.heightPx() != height)) {
      throw new EngineException(
          "model %s is for pictures of %d x %d, not %d x %d"
              .formatted(manifest.name(), manifest.widthPx(), manifest.heightPx(), width, height));
    }
    if (width < 1 || height < 1 || width % multiple != 0 || height % multiple != 0) {
      throw new EngineException(
          "model %s needs sides that are multiples of %d, not %d x %d"
              .formatted(manifest.name(), multiple, width, height));
    }
  }

  private static Port expected(String name, ModelManifest manifest, EngineOptions options) {
    int width = options.widthPx();
    int height = options.heightPx();
    return switch (name) {
      case ModelManifest.VISIBLE_U, ModelManifest.VISIBLE_V ->
          new Port(name, (width + 1) / 2, (height + 1) / 2);
      case ModelManifest.LABELS -> {
        int scale = manifest.labelScale();
        yield new Port(name, (width + scale - 1) / scale, (height + scale - 1) / scale);
      }
      default -> new Port(name, width, height);
    };
  }

  /** Whether the batch is dynamic; refuses other types and sizes. */
  private static boolean check(String model, Port port, NodeInfo node) throws EngineException {
    TensorInfo info = node.getInfo() instanceof TensorInfo tensor ? tensor : null;
    long[] found = info == null ? new long[0] : info.getShape();
    if (info == null
        || info.type != OnnxJavaType.UINT8
        || found.length != 4
        || !(found[0] == 1 || found[0] == -1)
        || found[1] != 1
        || !(found[2] == port.heightPx() || found[2] == -1)
        || !(found[3] == port.widthPx() || found[3] == -1)) {
      throw new EngineException(
          "%s: %s must be UINT8 [1 or batch, 1, %d, %d], the graph has %s %s"
              .formatted(
                  model,
                  port.name(),
                  port.heightPx(),
                  port.widthPx(),
                  info == null ? "no tensor" : info.type,
                  Arrays.toString(found)));
    }
    return found[0] == -1;
  }

  private static Set<String> sorted(Iterable<String> names) {
    Set<String> result = new TreeSet<>();
    names.forEach(result::add);
    return result;
  }
}
