package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A convolution over blocks of pixels, as one over the pixels that steps from block to block: the
 * same products in another order, and nothing has to be copied into blocks for it first. Processors
 * are faster with that in FP32 (ONNX Runtime reads few channels where they lie), and slower in
 * bytes.
 */
final class BlockConvolutions {

  private BlockConvolutions() {}

  static void apply(OnnxGraph graph) {
    Map<String, OnnxGraph.Node> blocks = new HashMap<>();
    for (int i = 0; i < graph.nodes.size(); i++) {
      OnnxGraph.Node node = graph.nodes.get(i);
      if (node.op().equals("SpaceToDepth")) {
        blocks.put(node.output(), node);
      }
      OnnxGraph.Node source = blocks.get(node.inputs().isEmpty() ? "" : node.inputs().get(0));
      if (source != null && overBlocks(graph, node)) {
        graph.nodes.set(i, overPixels(graph, node, source));
      }
    }
    graph.prune();
  }

  private static boolean overBlocks(OnnxGraph graph, OnnxGraph.Node node) {
    return node.op().equals("Conv")
        && graph.constants.containsKey(node.inputs().get(1))
        && all(node, "strides", 1)
        && all(node, "dilations", 1)
        && Long.valueOf(1).equals(node.attributes().get("group"));
  }

  private static boolean all(OnnxGraph.Node node, String attribute, long value) {
    return Arrays.stream(sizes(node, attribute)).allMatch(size -> size == value);
  }

  private static long[] sizes(OnnxGraph.Node node, String attribute) {
    return (long[]) Objects.requireNonNull(node.attributes().get(attribute), attribute);
  }

  private static OnnxGraph.Node overPixels(
      OnnxGraph graph, OnnxGraph.Node conv, OnnxGraph.Node source) {
    long block = (long) Objects.requireNonNull(source.attributes().get("blocksize"));
    OnnxGraph.Constant weight = Objects.requireNonNull(graph.constants.get(conv.inputs().get(1)));
    String name = weight.name() + ".pixels";
    long[] d = weight.dims();
    long[] dims = {d[0], d[1] / (block * block), d[2] * block, d[3] * block};
    graph.constants.put(
        name,
        new OnnxGraph.Constant(
            name, DType.FLOAT32, dims, () -> pixels(weight.data().get(), dims, (int) block)));
    List<String> inputs = new ArrayList<>(conv.inputs());
    inputs.set(0, source.inputs().get(0));
    inputs.set(1, name);
    Map<String, Object> attributes = new HashMap<>(conv.attributes());
    attributes.put("kernel_shape", new long[] {dims[2], dims[3]});
    attributes.put("strides", new long[] {block, block});
    attributes.put("pads", Arrays.stream(sizes(conv, "pads")).map(pad -> pad * block).toArray());
    return new OnnxGraph.Node("Conv", inputs, conv.output(), Map.copyOf(attributes));
  }

  /** {@code [out, (row, column, in), k, k]} as {@code [out, in, (k, row), (k, column)]}. */
  private static ByteBuffer pixels(ByteBuffer data, long[] dims, int block) {
    FloatBuffer values = data.duplicate().order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer();
    ByteBuffer result = ByteBuffer.allocate(data.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    int in = (int) dims[1];
    int height = (int) dims[2];
    int width = (int) dims[3];
    int rows = height / block;
    int columns = width / block;
    for (int o = 0; o < dims[0]; o++) {
      for (int c = 0; c < in; c++) {
        for (int y = 0; y < height; y++) {
          for (int x = 0; x < width; x++) {
            int channel = (y % block * block + x % block) * in + c;
            int from =
                ((o * in * block * block + channel) * rows + y / block) * columns + x / block;
            result.putFloat(values.get(from));
          }
        }
      }
    }
    return result.flip();
  }
}
