package dev.nightfuse.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A convolution over blocks and what is written for it: the same numbers. */
final class BlockConvolutionsTest {

  private static final int HEIGHT = 12;
  private static final int WIDTH = 16;

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource({"1,4,3", "2,2,1", "3,2,3", "2,4,5"})
  void conv_overBlocks_givesWhatItGaveOverCopies(int channels, int block, int kernel)
      throws Exception {
    ParameterStore store = store(channels * block * block, kernel);
    float[] direct = run(store, channels, block, kernel, (ops, blocks) -> blocks);
    // Something in between keeps the copies.
    float[] copied = run(store, channels, block, kernel, (ops, blocks) -> ops.add(blocks, 0));
    assertEquals(3 * HEIGHT / block * WIDTH / block, direct.length);
    assertArrayEquals(copied, direct, 1e-4f);
  }

  @Test
  void conv_overBlocks_copiesNothing() throws Exception {
    OnnxOps ops = network(store(16, 3), 1, 4, 3, (o, blocks) -> blocks);
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    ops.write("blocks", Channels.newChannel(file));
    String text = file.toString(StandardCharsets.ISO_8859_1);
    assertFalse(text.contains("SpaceToDepth"));
  }

  private interface Between {
    OnnxValue apply(OnnxOps ops, OnnxValue blocks);
  }

  private float[] run(ParameterStore store, int channels, int block, int kernel, Between between)
      throws Exception {
    float[] x = new float[channels * HEIGHT * WIDTH];
    for (int i = 0; i < x.length; i++) {
      x[i] = i * 7919 % 101 / 101f;
    }
    OnnxOps ops = network(store, channels, block, kernel, between);
    Map<String, float[]> outputs =
        GraphRunner.run(
            ops,
            folder,
            Map.of("x", new GraphRunner.Input(new long[] {1, channels, HEIGHT, WIDTH}, x)));
    return Objects.requireNonNull(outputs.get("y"));
  }

  private static OnnxOps network(
      ParameterStore store, int channels, int block, int kernel, Between between) {
    OnnxOps ops = new OnnxOps(store);
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(Shape.DYNAMIC, channels, HEIGHT, WIDTH));
    OnnxValue blocks = between.apply(ops, ops.spaceToDepth(x, block));
    ops.output("y", ops.conv(blocks, Conv.same(3, kernel), "c"));
    return ops;
  }

  private static ParameterStore store(int in, int kernel) {
    ParameterStore store = new ParameterStore();
    float[] weight = new float[3 * in * kernel * kernel];
    for (int i = 0; i < weight.length; i++) {
      weight[i] = i * 104729 % 89 / 89f - 0.5f;
    }
    store.put(Parameter.of("c.weight", Shape.of(3, in, kernel, kernel), weight));
    store.put(Parameter.of("c.bias", Shape.of(3), 1, 2, 3));
    return store;
  }
}
