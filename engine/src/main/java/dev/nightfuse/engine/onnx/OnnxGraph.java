package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/** A graph under construction: nodes in execution order, constants, inputs and outputs. */
final class OnnxGraph {

  /**
   * @param attributes values are Long, Float, String or long[]
   */
  record Node(String op, List<String> inputs, String output, Map<String, Object> attributes) {}

  /**
   * @param dims sizes; empty for a single number
   * @param data little-endian elements; asked for when the model is written, and not kept
   */
  record Constant(String name, DType type, long[] dims, Supplier<ByteBuffer> data) {
    long sizeBytes() {
      return Arrays.stream(dims).reduce(type.sizeBytes(), Math::multiplyExact);
    }
  }

  final List<Node> nodes = new ArrayList<>();
  final Map<String, Constant> constants = new LinkedHashMap<>();
  final List<OnnxValue> inputs = new ArrayList<>();
  final List<OnnxValue> outputs = new ArrayList<>();
  private int values;

  OnnxValue node(
      String op, DType type, Shape shape, Map<String, Object> attributes, List<String> inputNames) {
    OnnxValue result = new OnnxValue(op.toLowerCase(Locale.ROOT) + values++, type, shape);
    nodes.add(new Node(op, List.copyOf(inputNames), result.name(), Map.copyOf(attributes)));
    return result;
  }

  /** Drops nodes and constants that no output depends on. */
  void prune() {
    Set<String> live = new HashSet<>();
    outputs.forEach(output -> live.add(output.name()));
    for (int i = nodes.size() - 1; i >= 0; i--) {
      Node node = nodes.get(i);
      if (live.contains(node.output())) {
        live.addAll(node.inputs());
      }
    }
    nodes.removeIf(n -> !live.contains(n.output()));
    constants.keySet().removeIf(name -> !live.contains(name));
  }
}
