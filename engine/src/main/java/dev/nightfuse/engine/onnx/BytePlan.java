package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes of a graph are computed in bytes, and the points where numbers become bytes.
 *
 * <p>In bytes: convolutions with learned weights over more than one position, unless they are the
 * last before an output, or convolve each channel by itself, or read camera planes, or read one
 * that is not in bytes: bytes make these no faster, and less exact. Also sums, products,
 * concatenations and enlargements between. Points are named after layers, so that the same network
 * has the same points at every size.
 */
final class BytePlan {

  private static final Set<String> BETWEEN = Set.of("Add", "Mul", "Concat", "Resize");

  /** Camera planes have fewer channels than this; what layers give each other has more. */
  private static final int FEW_CHANNELS = 4;

  private final OnnxGraph graph;
  private final Layers layers;
  private final Map<String, List<OnnxGraph.Node>> readers = new HashMap<>();
  private final Set<String> inBytes = new HashSet<>();
  private final Map<String, String> points = new LinkedHashMap<>();
  private final Map<String, String> sharing = new HashMap<>();

  BytePlan(OnnxGraph graph) {
    this.graph = graph;
    this.layers = new Layers(graph);
    for (OnnxGraph.Node node : graph.nodes) {
      node.inputs().forEach(i -> readers.computeIfAbsent(i, x -> new ArrayList<>()).add(node));
    }
    Set<String> wanted = wanted();
    for (OnnxGraph.Node node : graph.nodes) {
      if (convolution(node) || (wanted.contains(node.output()) && between(node))) {
        inBytes.add(node.output());
      }
    }
    for (OnnxGraph.Node node : graph.nodes) {
      if (inBytes(node)) {
        operands(node).forEach(this::addPoint);
        addPoint(result(node));
      }
    }
  }

  /** Whether the node is computed in bytes. */
  boolean inBytes(OnnxGraph.Node node) {
    return inBytes.contains(node.output());
  }

  /** Points by the value that becomes bytes there. */
  Map<String, String> points() {
    return points;
  }

  /** The value whose range holds for this one: its own, or that of what it only passes on to. */
  String ranged(String value) {
    return sharing.getOrDefault(value, value);
  }

  /** Whether the value is bytes, or can be had as bytes. */
  boolean asBytes(String value) {
    return points.containsKey(value) || sharing.containsKey(value);
  }

  /** Whether the value is computed in bytes, so that nothing more exact is to be had. */
  boolean computedInBytes(String value) {
    OnnxGraph.Node node = behindRelu(value);
    return node != null && inBytes(node);
  }

  /**
   * Whether the node is a rectifier behind a node in bytes with no other reader: bytes from 0 on
   * are one already.
   */
  boolean impliedRelu(OnnxGraph.Node node) {
    OnnxGraph.Node source = node.op().equals("Relu") ? layers.producer(node.inputs().get(0)) : null;
    return source != null && inBytes(source) && result(source).equals(node.output());
  }

  /** What a node in bytes computes on: not weights, not sizes. */
  List<String> operands(OnnxGraph.Node node) {
    return switch (node.op()) {
      case "Conv", "Resize" -> node.inputs().subList(0, 1);
      default -> node.inputs();
    };
  }

  private boolean convolution(OnnxGraph.Node node) {
    if (!node.op().equals("Conv") || !layers.layer(node) || layers.last(node.output())) {
      return false;
    }
    OnnxGraph.Node source = behindRelu(node.inputs().get(0));
    if (grouped(node)
        || ofFewChannels(node)
        || (source != null && source.op().equals("Conv") && !convolution(source))) {
      return false;
    }
    OnnxValue value = graph.value(node.output());
    return graph.constants.containsKey(node.inputs().get(1))
        && value.shape().dim(2) * value.shape().dim(3) > 1;
  }

  private boolean ofFewChannels(OnnxGraph.Node node) {
    return graph.value(node.inputs().get(0)).shape().dim(1) < FEW_CHANNELS;
  }

  private static boolean grouped(OnnxGraph.Node node) {
    return node.attributes().get("group") instanceof Long groups && groups > 1;
  }

  /**
   * Values that a convolution in bytes reads, at once or by way of nodes that could be in bytes.
   */
  private Set<String> wanted() {
    Set<String> wanted = new HashSet<>();
    for (int i = graph.nodes.size() - 1; i >= 0; i--) {
      OnnxGraph.Node node = graph.nodes.get(i);
      boolean passes = node.op().equals("Relu") || BETWEEN.contains(node.op());
      if (convolution(node) || (passes && wanted.contains(node.output()))) {
        wanted.addAll(operands(node));
      }
    }
    return wanted;
  }

  private boolean between(OnnxGraph.Node node) {
    if (!BETWEEN.contains(node.op())
        || operands(node).stream()
            .anyMatch(i -> layers.fixed(i) || graph.type(i) != DType.FLOAT32)) {
      return false;
    }
    if (node.op().equals("Resize") && !"nearest".equals(node.attributes().get("mode"))) {
      return false;
    }
    return operands(node).stream().anyMatch(this::computedInBytes);
  }

  private OnnxGraph.@Nullable Node behindRelu(String value) {
    OnnxGraph.Node node = layers.producer(value);
    return node != null && node.op().equals("Relu") ? layers.producer(node.inputs().get(0)) : node;
  }

  private String result(OnnxGraph.Node node) {
    List<OnnxGraph.Node> next = readers.getOrDefault(node.output(), List.of());
    return next.size() == 1 && next.get(0).op().equals("Relu") && !node.op().equals("Resize")
        ? next.get(0).output()
        : node.output();
  }

  private void addPoint(String value) {
    OnnxGraph.Node node = layers.producer(value);
    if (node != null && node.op().equals("Resize") && inBytes(node)) {
      sharing.put(value, ranged(node.inputs().get(0)));
    } else if (!points.containsKey(value)) {
      points.put(value, name(value));
    }
  }

  private String name(String value) {
    OnnxGraph.Node node = behindRelu(value);
    if (node != null && inBytes(node)) {
      if (node.op().equals("Conv")) {
        return layer(node) + ".output";
      }
      for (String input : node.inputs()) {
        OnnxGraph.Node source = layers.producer(input);
        if (node.op().equals("Add") && source != null && source.op().equals("Conv")) {
          return layer(source) + ".sum";
        }
      }
    }
    for (OnnxGraph.Node reader : readers.getOrDefault(value, List.of())) {
      if (convolution(reader)) {
        return layer(reader) + ".input";
      }
    }
    for (OnnxGraph.Node reader : readers.getOrDefault(value, List.of())) {
      if (inBytes(reader)) {
        return name(reader.output()) + "." + reader.inputs().indexOf(value);
      }
    }
    throw new IllegalStateException("nothing in bytes reads " + value);
  }

  /** The name of the convolution in the network. */
  static String layer(OnnxGraph.Node conv) {
    String weight = conv.inputs().get(1);
    int norm = weight.indexOf('+');
    return weight.substring(0, norm < 0 ? weight.lastIndexOf(".weight") : norm);
  }
}
