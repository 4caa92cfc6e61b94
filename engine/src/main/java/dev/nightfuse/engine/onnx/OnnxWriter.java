package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Shape;
import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Map;
import java.util.TreeMap;

/** Puts a graph into the protobuf messages of onnx.proto; field numbers are those of that file. */
final class OnnxWriter {

  /** The first operator set in which every reduction takes its axes the same way. */
  static final int OPSET = 18;

  private static final int IR_VERSION = 8;

  /** A protobuf message must stay below 2 GiB; larger models would need external data. */
  private static final long MAX_BYTES = Integer.MAX_VALUE;

  private OnnxWriter() {}

  static void write(OnnxGraph graph, String name, WritableByteChannel channel) throws IOException {
    ProtoWriter model =
        new ProtoWriter()
            .number(1, IR_VERSION)
            .text(2, "nightfuse")
            .message(7, graph(graph, name))
            .message(8, new ProtoWriter().text(1, "").number(2, OPSET));
    if (model.sizeBytes() > MAX_BYTES) {
      throw new IOException(
          "model %s needs %d bytes; an ONNX file without external data holds %d"
              .formatted(name, model.sizeBytes(), MAX_BYTES));
    }
    model.writeTo(channel);
  }

  private static ProtoWriter graph(OnnxGraph graph, String name) {
    ProtoWriter message = new ProtoWriter();
    graph.nodes.forEach(n -> message.message(1, node(n)));
    message.text(2, name);
    graph.constants.values().forEach(c -> message.message(5, constant(c)));
    graph.inputs.forEach(v -> message.message(11, value(v)));
    graph.outputs.forEach(v -> message.message(12, value(v)));
    graph.declared.forEach(v -> message.message(13, value(v)));
    return message;
  }

  private static ProtoWriter node(OnnxGraph.Node node) {
    ProtoWriter message = new ProtoWriter();
    node.inputs().forEach(input -> message.text(1, input));
    message.text(2, node.output()).text(3, node.output()).text(4, node.op());
    for (Map.Entry<String, Object> e : new TreeMap<>(node.attributes()).entrySet()) {
      message.message(5, attribute(e.getKey(), e.getValue()));
    }
    return message;
  }

  private static ProtoWriter attribute(String name, Object value) {
    ProtoWriter message = new ProtoWriter().text(1, name);
    if (value instanceof Float f) {
      message.real(2, f).number(20, 1);
    } else if (value instanceof Long i) {
      message.number(3, i).number(20, 2);
    } else if (value instanceof String s) {
      message.text(4, s).number(20, 3);
    } else if (value instanceof long[] ints) {
      for (long i : ints) {
        message.number(8, i);
      }
      message.number(20, 7);
    } else {
      throw new IllegalArgumentException("attribute " + name + " of " + value.getClass());
    }
    return message;
  }

  private static ProtoWriter constant(OnnxGraph.Constant constant) {
    ProtoWriter message = new ProtoWriter();
    for (long dim : constant.dims()) {
      message.number(1, dim);
    }
    return message
        .number(2, typeNumber(constant.type()))
        .text(8, constant.name())
        .bytes(9, constant.sizeBytes(), constant.data());
  }

  private static ProtoWriter value(OnnxValue value) {
    ProtoWriter shape = new ProtoWriter();
    for (int dim : value.shape().toArray()) {
      ProtoWriter size = new ProtoWriter();
      if (dim == Shape.DYNAMIC) {
        size.text(2, "batch");
      } else {
        size.number(1, dim);
      }
      shape.message(1, size);
    }
    ProtoWriter tensor = new ProtoWriter().number(1, typeNumber(value.type())).message(2, shape);
    return new ProtoWriter().text(1, value.name()).message(2, new ProtoWriter().message(1, tensor));
  }

  static int typeNumber(DType type) {
    return switch (type) {
      case FLOAT32 -> 1;
      case UINT8 -> 2;
      case INT8 -> 3;
      case INT32 -> 6;
      case INT64 -> 7;
      case FLOAT16 -> 10;
    };
  }
}
