package dev.nightfuse.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtSession;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Models with the outputs sum (x + 1) and classes (the greatest of 2x). */
final class GraphCutTest {

  private static byte[] model() throws Exception {
    OnnxOps ops = new OnnxOps(ParameterStore.empty());
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(1, 2, 1, 1));
    ops.output("classes", ops.argMax(ops.add(x, x), 1));
    ops.output("sum", ops.add(x, ops.constant(Shape.of(2, 1, 1), 1, 1)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ops.write("test", Channels.newChannel(out));
    return out.toByteArray();
  }

  private static boolean contains(byte[] model, String text) {
    return new String(model, StandardCharsets.ISO_8859_1).contains(text);
  }

  @Test
  void keeping_oneOutput_leavesWhatItNeedsAndNothingElse() throws Exception {
    byte[] cut = GraphCut.keeping(Set.of("sum"), model());
    assertNotNull(cut);
    assertTrue(contains(model(), "ArgMax"));
    assertFalse(contains(cut, "ArgMax"));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession session = environment.createSession(cut);
        OnnxTensor x = OnnxTensor.createTensor(environment, new float[][][][] {{{{3}}, {{4}}}});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      assertEquals(Set.of("sum"), session.getOutputNames());
      assertArrayEquals(
          new float[][][][] {{{{4}}, {{5}}}}, (float[][][][]) result.get(0).getValue());
    }
  }

  @Test
  void keeping_allOutputs_changesNothing() throws Exception {
    assertArrayEquals(model(), GraphCut.keeping(Set.of("sum", "classes"), model()));
  }

  /** Not what the format asks for, but ONNX Runtime runs it. */
  @Test
  void keeping_nodesInAnyOrder_leavesWhatIsNeeded() throws Exception {
    ProtoWriter last = new ProtoWriter().text(1, "twice").text(2, "sum").text(4, "Neg");
    ProtoWriter first = new ProtoWriter().text(1, "x").text(1, "x").text(2, "twice").text(4, "Add");
    ProtoWriter other = new ProtoWriter().text(1, "twice").text(2, "classes").text(4, "Abs");
    ProtoWriter graph =
        new ProtoWriter()
            .message(1, other)
            .message(1, last)
            .message(1, first)
            .text(2, "backwards")
            .message(11, number("x"))
            .message(12, number("classes"))
            .message(12, number("sum"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    new ProtoWriter()
        .number(1, 8)
        .message(7, graph)
        .message(8, new ProtoWriter().number(2, 17))
        .writeTo(Channels.newChannel(out));
    byte[] cut = GraphCut.keeping(Set.of("sum"), out.toByteArray());
    assertNotNull(cut);
    assertFalse(contains(cut, "Abs"));
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    try (OrtSession whole = environment.createSession(out.toByteArray());
        OrtSession session = environment.createSession(cut);
        OnnxTensor x = OnnxTensor.createTensor(environment, new float[] {3});
        OrtSession.Result result = session.run(Map.of("x", x))) {
      assertEquals(Set.of("classes", "sum"), whole.getOutputNames());
      assertArrayEquals(new float[] {-6}, (float[]) result.get(0).getValue());
    }
  }

  private static ProtoWriter number(String name) {
    ProtoWriter shape = new ProtoWriter().message(1, new ProtoWriter().number(1, 1));
    ProtoWriter tensor = new ProtoWriter().number(1, 1).message(2, shape);
    return new ProtoWriter().text(1, name).message(2, new ProtoWriter().message(1, tensor));
  }

  @Test
  void keeping_bytesThatEndTooEarlyOrMeanNothing_isRefused() throws Exception {
    byte[] model = model();
    for (int length = 1; length < model.length; length += 7) {
      byte[] cut = GraphCut.keeping(Set.of("sum"), Arrays.copyOf(model, length));
      // A model may end between two fields; it is shorter then.
      assertTrue(cut == null || cut.length <= length);
    }
    byte[] noise = new byte[64];
    Arrays.fill(noise, (byte) 0xff);
    assertNull(GraphCut.keeping(Set.of("sum"), noise));
  }

  @Test
  void keeping_nodeWithAGraphOfItsOwn_isRefused() {
    ProtoWriter attribute = new ProtoWriter().text(1, "then_branch").message(6, new ProtoWriter());
    ProtoWriter node = new ProtoWriter().text(1, "a").text(2, "sum").message(5, attribute);
    ProtoWriter output = new ProtoWriter().text(1, "sum");
    ProtoWriter graph = new ProtoWriter().message(1, node).message(12, output);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      new ProtoWriter().message(7, graph).writeTo(Channels.newChannel(out));
    } catch (java.io.IOException e) {
      throw new AssertionError(e);
    }
    assertNull(GraphCut.keeping(Set.of("sum"), out.toByteArray()));
  }
}
