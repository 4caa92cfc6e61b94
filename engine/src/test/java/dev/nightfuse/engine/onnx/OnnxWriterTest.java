package dev.nightfuse.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnx.proto.OnnxMl;
import com.google.protobuf.ByteString;
import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Our wire format, read back with the classes generated from onnx.proto. */
final class OnnxWriterTest {

  @Test
  void write_graph_isReadBackByTheGeneratedClasses() throws IOException {
    ParameterStore store = ParameterStore.empty();
    store.put(Parameter.of("stem.weight", Shape.of(2, 1, 1, 1), 0.5f, -3));
    store.put(Parameter.of("stem.bias", Shape.of(2), 1, 2));
    OnnxOps ops = new OnnxOps(store);
    OnnxValue x = ops.input("visible_y", DType.UINT8, Shape.of(Shape.DYNAMIC, 1, 480, 640));
    OnnxValue y = ops.conv(ops.cast(x, DType.FLOAT32), Conv.same(2, 1), "stem");
    ops.relu(y);
    ops.output("fused_y", ops.leakyRelu(y, 0.25));

    OnnxMl.ModelProto model = OnnxMl.ModelProto.parseFrom(bytes(ops));

    assertEquals("nightfuse", model.getProducerName());
    assertEquals(18, model.getOpsetImport(0).getVersion());
    OnnxMl.GraphProto graph = model.getGraph();
    assertEquals("test", graph.getName());
    List<String> types = graph.getNodeList().stream().map(OnnxMl.NodeProto::getOpType).toList();
    assertEquals(List.of("Cast", "Conv", "LeakyRelu"), types, "the unused relu is out");

    OnnxMl.NodeProto conv = graph.getNode(1);
    assertEquals(List.of("stem.weight", "stem.bias"), conv.getInputList().subList(1, 3));
    for (OnnxMl.AttributeProto attribute : conv.getAttributeList()) {
      switch (attribute.getName()) {
        case "pads" -> assertEquals(List.of(0L, 0L, 0L, 0L), attribute.getIntsList());
        case "group" -> assertEquals(1, attribute.getI());
        default -> assertEquals(OnnxMl.AttributeProto.AttributeType.INTS, attribute.getType());
      }
    }
    assertEquals(0.25f, graph.getNode(2).getAttribute(0).getF());

    OnnxMl.TensorProto weight = graph.getInitializer(0);
    assertEquals("stem.weight", weight.getName());
    assertEquals(List.of(2L, 1L, 1L, 1L), weight.getDimsList());
    assertEquals(1, weight.getDataType());
    assertEquals(
        ByteString.copyFrom(new byte[] {0, 0, 0, 0x3f, 0, 0, 0x40, (byte) 0xc0}),
        weight.getRawData());

    OnnxMl.TypeProto.Tensor input = graph.getInput(0).getType().getTensorType();
    assertEquals(2, input.getElemType());
    assertEquals("batch", input.getShape().getDim(0).getDimParam());
    assertEquals(640, input.getShape().getDim(3).getDimValue());
    assertEquals("fused_y", graph.getOutput(0).getName());
  }

  /** Of a batch of any size runtimes cannot tell it. */
  @Test
  void write_enlargement_hasItsShapeBesideIt() throws IOException {
    OnnxOps ops = new OnnxOps(ParameterStore.empty());
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(Shape.DYNAMIC, 3, 4, 5));
    OnnxValue grown = ops.resize(x, 8, 10, Interpolation.NEAREST);
    ops.output("y", ops.relu(grown));
    OnnxMl.GraphProto graph = OnnxMl.ModelProto.parseFrom(bytes(ops)).getGraph();
    OnnxMl.ValueInfoProto info = graph.getValueInfo(0);
    assertEquals(1, graph.getValueInfoCount());
    assertEquals(graph.getNode(0).getOutput(0), info.getName());
    List<OnnxMl.TensorShapeProto.Dimension> shape =
        info.getType().getTensorType().getShape().getDimList();
    assertEquals("batch", shape.get(0).getDimParam());
    assertEquals(
        List.of(3L, 8L, 10L),
        shape.subList(1, 4).stream().map(OnnxMl.TensorShapeProto.Dimension::getDimValue).toList());
  }

  @Test
  void write_messageLongerThanAPiece_keepsEveryByte() throws IOException {
    ProtoWriter inner = new ProtoWriter();
    for (int i = 0; i < 1000; i++) {
      inner.number(8, (1L << 40) + i);
    }
    inner.text(1, "name").number(20, 7);
    ProtoWriter outer = new ProtoWriter().message(5, inner);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    outer.writeTo(Channels.newChannel(out));
    assertEquals(outer.sizeBytes(), out.size());
    OnnxMl.AttributeProto read = OnnxMl.NodeProto.parseFrom(out.toByteArray()).getAttribute(0);
    assertEquals(1000, read.getIntsCount());
    assertEquals((1L << 40) + 999, read.getInts(999));
  }

  @Test
  void write_modelBeyondTwoGibibytes_isRefusedBeforeAnythingIsWritten() {
    OnnxGraph graph = new OnnxGraph();
    ByteBuffer chunk = ByteBuffer.allocate(1 << 20);
    for (int i = 0; i < 2100; i++) {
      String name = "c" + i;
      graph.constants.put(
          name, new OnnxGraph.Constant(name, DType.UINT8, new long[] {1 << 20}, () -> chunk));
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    IOException e =
        assertThrows(
            IOException.class, () -> OnnxWriter.write(graph, "big", Channels.newChannel(out)));
    assertTrue(e.getMessage().contains("model big needs"), e.getMessage());
    assertEquals(0, out.size());
  }

  @Test
  void conv_missingOrMisshapenParameter_isNamedWithItsShape() {
    ParameterStore store = ParameterStore.empty();
    store.put(Parameter.of("a.weight", Shape.of(1, 1, 1, 1), 1));
    OnnxOps ops = new OnnxOps(store);
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(1, 1, 4, 4));
    String missing =
        assertThrows(IllegalArgumentException.class, () -> ops.conv(x, Conv.same(1, 1), "a"))
            .getMessage();
    assertTrue(missing.contains("a.bias [1] is missing"), missing);
    String shape =
        assertThrows(
                IllegalArgumentException.class,
                () -> ops.conv(x, Conv.same(1, 3).withoutBias(), "a"))
            .getMessage();
    assertTrue(shape.contains("a.weight has shape [1,1,1,1], the network needs [1,1,3,3]"), shape);
  }

  private static byte[] bytes(OnnxOps ops) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ops.write("test", Channels.newChannel(out));
    return out.toByteArray();
  }
}
