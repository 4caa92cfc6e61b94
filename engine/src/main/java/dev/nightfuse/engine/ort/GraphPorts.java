package dev.nightfuse.engine.ort;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.ModelPlanes;
import dev.nightfuse.engine.Plane;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and outputs of a session, checked against the model file contract and the pictures it will
 * be given.
 *
 * @param inputs plane inputs of the graph
 * @param outputs {@code fused_y} and, where the model segments, {@code labels}
 * @param dynamicBatch whether several pairs may run at once
 */
record GraphPorts(List<Plane> inputs, List<Plane> outputs, boolean dynamicBatch) {

  static GraphPorts of(OrtSession session, ModelManifest manifest, EngineOptions options)
      throws OrtException, EngineException {
    String model = "model " + manifest.name();
    ModelPlanes planes = ModelPlanes.of(manifest, options);
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
    for (Plane plane : planes.inputs()) {
      dynamic &= check(model, plane, in.get(plane.name()));
    }
    for (Plane plane : planes.outputs()) {
      check(model, plane, out.get(plane.name()));
    }
    return new GraphPorts(planes.inputs(), planes.outputs(), dynamic);
  }

  /** Whether the batch is dynamic; refuses other types and sizes. */
  private static boolean check(String model, Plane port, @Nullable NodeInfo node)
      throws EngineException {
    TensorInfo info = node != null && node.getInfo() instanceof TensorInfo tensor ? tensor : null;
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
