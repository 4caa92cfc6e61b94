package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Shape;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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

  /** Values whose shape is written beside them, because runtimes cannot tell it. */
  final List<OnnxValue> declared = new ArrayList<>();

  private final Map<String, OnnxValue> recorded = new HashMap<>();
  private final Set<String> literals = new HashSet<>();
  private int values;

  /** The element type of a value as it was recorded. */
  DType type(String value) {
    Constant constant = constants.get(value);
    return constant == null ? value(value).type() : constant.type();
  }

  /** An input or a node's result, as it was recorded. */
  OnnxValue value(String name) {
    OnnxValue value = recorded.get(name);
    if (value == null) {
      throw new IllegalArgumentException("no value " + name);
    }
    return value;
  }

  /** Whether the constant is a number in the network's own text, not something learned. */
  boolean literal(String constant) {
    return literals.contains(constant);
  }

  void markLiteral(String constant) {
    literals.add(constant);
  }

  void input(OnnxValue value) {
    inputs.add(value);
    recorded.put(value.name(), value);
  }

  void output(String name, OnnxValue value) {
    nodes.add(new Node("Identity", List.of(value.name()), name, Map.of()));
    OnnxValue output = new OnnxValue(name, value.type(), value.shape());
    outputs.add(output);
    recorded.put(name, output);
  }

  OnnxValue node(
      String op, DType type, Shape shape, Map<String, Object> attributes, List<String> inputNames) {
    OnnxValue result = new OnnxValue(op.toLowerCase(Locale.ROOT) + values++, type, shape);
    recorded.put(result.name(), result);
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
    declared.removeIf(value -> !live.contains(value.name()));
  }

  /**
   * Lets nodes give outputs under their own names instead of through an Identity: runtimes that
   * know bytes only where a graph begins and ends have no place for one.
   */
  void nameOutputs() {
    Map<String, String> names = new HashMap<>();
    Set<String> computed = new HashSet<>();
    nodes.forEach(node -> computed.add(node.output()));
    Set<String> wanted = new HashSet<>();
    outputs.forEach(output -> wanted.add(output.name()));
    nodes.removeIf(
        node -> {
          String source = node.inputs().get(0);
          return node.op().equals("Identity")
              && wanted.contains(node.output())
              && computed.contains(source)
              && !wanted.contains(source)
              && names.putIfAbsent(source, node.output()) == null;
        });
    declared.removeIf(value -> names.containsKey(value.name()));
    nodes.replaceAll(
        node ->
            new Node(
                node.op(),
                node.inputs().stream().map(input -> names.getOrDefault(input, input)).toList(),
                names.getOrDefault(node.output(), node.output()),
                node.attributes()));
  }
}
