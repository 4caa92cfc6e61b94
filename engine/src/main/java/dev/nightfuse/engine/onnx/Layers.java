package dev.nightfuse.engine.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of a graph are layers with learned weights, and which of those are the last before an
 * output: what stands behind them decides the result and is not made coarser.
 */
final class Layers {

  private final OnnxGraph graph;
  private final Map<String, OnnxGraph.Node> producers = new HashMap<>();
  private final Set<String> fixed = new HashSet<>();
  private final Set<String> last = new HashSet<>();

  Layers(OnnxGraph graph) {
    this.graph = graph;
    fixed.addAll(graph.constants.keySet());
    for (OnnxGraph.Node node : graph.nodes) {
      producers.put(node.output(), node);
      List<String> inputs = node.inputs().stream().filter(i -> !i.isEmpty()).toList();
      if (fixed.containsAll(inputs)) {
        fixed.add(node.output());
      }
    }
    graph.outputs.forEach(output -> markLast(output.name()));
  }

  /** Back from an output to the first layers, them included. */
  private void markLast(String value) {
    OnnxGraph.Node node = producers.get(value);
    if (node == null || fixed.contains(value) || !last.add(value) || layer(node)) {
      return;
    }
    node.inputs().forEach(this::markLast);
  }

  /** The node that computes the value; null for inputs and constants. */
  OnnxGraph.@Nullable Node producer(String value) {
    return producers.get(value);
  }

  /** Whether the value is known when the model is written. */
  boolean fixed(String value) {
    return fixed.contains(value);
  }

  /** Whether the value is made by a last layer or by what stands behind it. */
  boolean last(String value) {
    return last.contains(value);
  }

  /** A convolution or product with learned weights; plain numbers in the graph are no layer. */
  boolean layer(OnnxGraph.Node node) {
    return (node.op().equals("Conv") || node.op().equals("MatMul"))
        && node.inputs().stream()
            .skip(1)
            .anyMatch(input -> fixed.contains(input) && !graph.literal(input));
  }
}
