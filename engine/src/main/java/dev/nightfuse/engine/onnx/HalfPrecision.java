package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.weights.Half;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Rewrites a graph so that weights and activations are FP16, and what does not bear it stays FP32:
 * norms, softmax, reductions, squares, products of two activations, resizing, everything before the
 * first and from the last layer with weights on. Casts stand where the two meet, so that every
 * runtime computes the same.
 *
 * <pre>
 *   planes --FP32--> [cast] layers FP16 [cast] norm, softmax, q k FP32 [cast] ... last layer FP32
 * </pre>
 */
final class HalfPrecision {

  private static final Set<String> SINGLE =
      Set.of(
          "LayerNormalization",
          "InstanceNormalization",
          "BatchNormalization",
          "Softmax",
          "ReduceMean",
          "ReduceSum",
          "ReduceMax",
          "Resize",
          "ArgMax",
          "Cast",
          "Exp",
          "Sqrt",
          "Div");

  /** May be done on weights when a runtime loads the model, in any type. */
  private static final Set<String> LAYOUT = Set.of("Slice", "Transpose", "Reshape", "Concat");

  private final OnnxGraph graph;
  private final Layers layers;
  private final Set<String> afterLayers = new HashSet<>();
  private final Map<String, DType> written = new HashMap<>();
  private final List<OnnxGraph.Node> nodes = new ArrayList<>();

  private HalfPrecision(OnnxGraph graph) {
    this.graph = graph;
    this.layers = new Layers(graph);
    graph.inputs.forEach(input -> written.put(input.name(), input.type()));
    for (OnnxGraph.Node node : graph.nodes) {
      if (layers.layer(node) || node.inputs().stream().anyMatch(afterLayers::contains)) {
        afterLayers.add(node.output());
      }
    }
  }

  static void apply(OnnxGraph graph) {
    HalfPrecision pass = new HalfPrecision(graph);
    for (OnnxGraph.Node node : List.copyOf(graph.nodes)) {
      pass.rewrite(node);
    }
    graph.declared.clear();
    graph.nodes.clear();
    graph.nodes.addAll(pass.nodes);
    graph.prune();
  }

  private boolean half(OnnxGraph.Node node) {
    if (graph.type(node.output()) != DType.FLOAT32 || SINGLE.contains(node.op())) {
      return false;
    }
    if (layers.fixed(node.output())) {
      return LAYOUT.contains(node.op());
    }
    List<String> inputs = node.inputs();
    boolean square = node.op().equals("Mul") && inputs.get(0).equals(inputs.get(1));
    boolean activations = node.op().equals("MatMul") && !layers.fixed(inputs.get(1));
    return !square
        && !activations
        && afterLayers.contains(node.output())
        && !layers.last(node.output());
  }

  private void rewrite(OnnxGraph.Node node) {
    boolean half = half(node);
    DType wanted = half ? DType.FLOAT16 : DType.FLOAT32;
    List<String> inputs = new ArrayList<>();
    for (String input : node.inputs()) {
      boolean real = !input.isEmpty() && graph.type(input) == DType.FLOAT32;
      // A cast to integers takes what is there.
      inputs.add(real ? as(input, wanted) : input);
    }
    boolean real = graph.type(node.output()) == DType.FLOAT32;
    written.put(node.output(), real ? wanted : graph.type(node.output()));
    nodes.add(new OnnxGraph.Node(node.op(), inputs, node.output(), node.attributes()));
  }

  private String as(String value, DType wanted) {
    OnnxGraph.Constant constant = graph.constants.get(value);
    if (constant != null) {
      return wanted == DType.FLOAT16 ? halfConstant(constant) : value;
    }
    if (written.get(value) == wanted) {
      return value;
    }
    String name = value + (wanted == DType.FLOAT16 ? ".half" : ".single");
    if (written.put(name, wanted) == null) {
      long number = OnnxWriter.typeNumber(wanted);
      nodes.add(new OnnxGraph.Node("Cast", List.of(value), name, Map.of("to", number)));
    }
    return name;
  }

  private String halfConstant(OnnxGraph.Constant constant) {
    String name = constant.name() + ".half";
    graph.constants.putIfAbsent(
        name,
        new OnnxGraph.Constant(
            name, DType.FLOAT16, constant.dims(), () -> halves(constant.data().get())));
    return name;
  }

  private static ByteBuffer halves(ByteBuffer singles) {
    FloatBuffer values = singles.slice().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    ByteBuffer bytes =
        ByteBuffer.allocate(values.remaining() * Short.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < values.limit(); i++) {
      bytes.putShort(i * Short.BYTES, Half.fromFloat(values.get(i)));
    }
    return bytes;
  }
}
