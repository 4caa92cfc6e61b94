package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Rewrites a graph so that most of it is computed in INT8: weights are signed bytes and what flows
 * between layers are unsigned ones. Runtimes find the pattern of casts to bytes and back and put
 * integer kernels in its place.
 *
 * <pre>
 *   numbers --> [to bytes] --> bytes --> [back] --> Conv --> [to bytes] --> bytes --> [back] --> ...
 *                            weights, bias --> [back] --^
 * </pre>
 */
final class BytePrecision {

  private final OnnxGraph graph;
  private final BytePlan plan;
  private final ActivationRanges ranges;
  private final List<OnnxGraph.Node> nodes = new ArrayList<>();

  private BytePrecision(OnnxGraph graph, ActivationRanges ranges) {
    this.graph = graph;
    this.plan = new BytePlan(graph);
    this.ranges = ranges;
  }

  /**
   * @throws IllegalArgumentException when there is no range for a point
   */
  static void apply(OnnxGraph graph, ActivationRanges ranges) {
    BytePrecision pass = new BytePrecision(graph, ranges);
    pass.plan.points().forEach(pass::parameters);
    graph.inputs.forEach(input -> pass.toBytes(input.name(), input.name()));
    for (OnnxGraph.Node node : List.copyOf(graph.nodes)) {
      pass.rewrite(node);
    }
    graph.declared.clear();
    graph.nodes.clear();
    graph.nodes.addAll(pass.nodes);
    graph.prune();
  }

  private void rewrite(OnnxGraph.Node node) {
    if (plan.impliedRelu(node)) {
      toBytes(node.inputs().get(0), node.output());
      return;
    }
    List<String> inputs = new ArrayList<>(node.inputs());
    boolean inBytes = plan.inBytes(node);
    if (inBytes && node.op().equals("Resize")) {
      inputs.set(0, bytes(inputs.get(0)));
      nodes.add(new OnnxGraph.Node("Resize", inputs, bytes(node.output()), node.attributes()));
      back(node.output(), plan.ranged(node.output()));
      return;
    }
    inputs.replaceAll(
        i -> plan.asBytes(i) && (inBytes || plan.computedInBytes(i)) ? i + ".real" : i);
    if (inBytes && node.op().equals("Conv")) {
      layer(node, inputs);
    }
    nodes.add(new OnnxGraph.Node(node.op(), inputs, node.output(), node.attributes()));
    toBytes(node.output(), node.output());
  }

  /** Numbers that are a point become bytes, and can be read as numbers again. */
  private void toBytes(String source, String value) {
    if (plan.points().containsKey(value)) {
      nodes.add(
          new OnnxGraph.Node(
              "QuantizeLinear",
              List.of(source, value + ".scale", value + ".zero"),
              bytes(value),
              Map.of()));
      back(value, value);
    }
  }

  private void back(String value, String ranged) {
    dequantise(bytes(value), ranged, value + ".real", Map.of());
  }

  private void dequantise(
      String bytes, String parameters, String result, Map<String, Object> attributes) {
    nodes.add(
        new OnnxGraph.Node(
            "DequantizeLinear",
            List.of(bytes, parameters + ".scale", parameters + ".zero"),
            result,
            attributes));
  }

  private static String bytes(String value) {
    return value + ".bytes";
  }

  private void parameters(String value, String point) {
    ActivationRanges.Range range = ranges.of(point);
    floats(value + ".scale", new long[0], range.scale());
    constant(value + ".zero", DType.UINT8, new long[0], new byte[] {(byte) range.zeroPoint()});
  }

  private void layer(OnnxGraph.Node conv, List<String> inputs) {
    String name = BytePlan.layer(conv);
    OnnxGraph.Constant weight = find(inputs.get(1));
    int out = (int) weight.dims()[0];
    ByteWeights weights = ByteWeights.of(floats(weight), out);
    constant(name + ".bytes", DType.INT8, weight.dims(), weights.values());
    perChannel(name, DType.INT8, weights.scales());
    dequantise(name + ".bytes", name, name + ".real", Map.of("axis", 0L));
    inputs.set(1, name + ".real");
    if (inputs.size() > 2) {
      float inputScale = ranges.of(point(conv.inputs().get(0))).scale();
      float[] sums = weights.sumScales(inputScale);
      int[] steps = ByteWeights.bias(floats(find(inputs.get(2))), sums);
      ByteBuffer data = ByteBuffer.allocate(out * Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
      data.asIntBuffer().put(steps);
      constant(name + ".bias.bytes", DType.INT32, new long[] {out}, data.array());
      perChannel(name + ".bias", DType.INT32, sums);
      dequantise(name + ".bias.bytes", name + ".bias", name + ".bias.real", Map.of("axis", 0L));
      inputs.set(2, name + ".bias.real");
    }
  }

  private String point(String value) {
    String point = plan.points().get(plan.ranged(value));
    if (point == null) {
      throw new IllegalStateException("no point at " + value);
    }
    return point;
  }

  private void perChannel(String name, DType type, float[] scales) {
    long[] dims = {scales.length};
    floats(name + ".scale", dims, scales);
    constant(name + ".zero", type, dims, new byte[scales.length * type.sizeBytes()]);
  }

  private OnnxGraph.Constant find(String name) {
    OnnxGraph.Constant constant = graph.constants.get(name);
    if (constant == null) {
      throw new IllegalStateException("no constant " + name);
    }
    return constant;
  }

  private static FloatBuffer floats(OnnxGraph.Constant constant) {
    return constant.data().get().slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
  }

  private void floats(String name, long[] dims, float... values) {
    ByteBuffer data =
        ByteBuffer.allocate(values.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    data.asFloatBuffer().put(values);
    constant(name, DType.FLOAT32, dims, data.array());
  }

  private void constant(String name, DType type, long[] dims, byte[] data) {
    graph.constants.put(
        name, new OnnxGraph.Constant(name, type, dims, () -> ByteBuffer.wrap(data)));
  }
}
