package dev.nightfuse.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.onnxruntime.OrtException;
import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.PadMode;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Each operation as recorded and run, against values worked out by hand. */
final class OnnxOpsTest {

  @TempDir Path folder;

  private final ParameterStore store = ParameterStore.empty();

  @Test
  void resize_bilinear_hasHalfPixelCentresAndClampedEdges() throws Exception {
    check(
        (ops, x) -> ops.resize(x, 1, 4, Interpolation.BILINEAR),
        new float[] {0, 4},
        new float[] {0, 1, 3, 4},
        1,
        1,
        1,
        2);
  }

  @Test
  void resize_alignedCorners_keepsTheCorners() throws Exception {
    check(
        (ops, x) -> ops.resize(x, 1, 4, Interpolation.BILINEAR_ALIGNED),
        new float[] {0, 3},
        new float[] {0, 1, 2, 3},
        1,
        1,
        1,
        2);
  }

  @Test
  void resize_nearest_takesTheFloorOfTheScaledIndex() throws Exception {
    check(
        (ops, x) -> ops.resize(x, 1, 5, Interpolation.NEAREST),
        new float[] {7, 8, 9},
        new float[] {7, 7, 8, 8, 9},
        1,
        1,
        1,
        3);
  }

  @Test
  void resize_dynamicBatch_hitsTheWantedSizeExactly() throws Exception {
    for (int in = 3; in < 40; in += 4) {
      for (int out = 2; out < 90; out += 7) {
        OnnxOps ops = new OnnxOps(store);
        OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(Shape.DYNAMIC, 1, 1, in));
        ops.output("y", ops.resize(x, 1, out, Interpolation.BILINEAR));
        float[] y = run(ops, new float[2 * in], 2, 1, 1, in);
        assertArrayEquals(new float[2 * out], y);
      }
    }
  }

  @Test
  void pools_ignorePadding() throws Exception {
    check(
        (ops, x) -> ops.averagePool(x, Pool.moving(3)),
        new float[] {3, 6, 9},
        new float[] {4.5f, 6, 7.5f},
        1,
        1,
        1,
        3);
    check(
        (ops, x) -> ops.maxPool(x, new Pool(3, 2, 1)),
        new float[] {-3, -6, -9, -2},
        new float[] {-3, -2},
        1,
        1,
        1,
        4);
  }

  @Test
  void pad_modes_fillAsNamed() throws Exception {
    float[] x = {1, 2, 3};
    check((ops, v) -> ops.pad(v, 0, 2, 0, 1, PadMode.EDGE), x, f(1, 1, 1, 2, 3, 3), 1, 1, 1, 3);
    check((ops, v) -> ops.pad(v, 0, 2, 0, 1, PadMode.REFLECT), x, f(3, 2, 1, 2, 3, 2), 1, 1, 1, 3);
    check((ops, v) -> ops.pad(v, 0, 2, 0, 1, PadMode.ZERO), x, f(0, 0, 1, 2, 3, 0), 1, 1, 1, 3);
  }

  @Test
  void spaceToDepth_putsTheBlockPositionBeforeTheChannel() throws Exception {
    float[] x = {1, 2, 3, 4, 10, 20, 30, 40};
    check((ops, v) -> ops.spaceToDepth(v, 2), x, f(1, 10, 2, 20, 3, 30, 4, 40), 1, 2, 2, 2);
    check((ops, v) -> ops.depthToSpace(ops.spaceToDepth(v, 2), 2), x, x, 1, 2, 2, 2);
  }

  @Test
  void conv_dilatedAndGrouped_matchesTheSum() throws Exception {
    store.put(
        Parameter.of(
            "c.weight",
            Shape.of(2, 1, 3, 3),
            f(0, 0, 0, 1, 2, 3, 0, 0, 0, 0, 0, 0, -1, 0, 1, 0, 0, 0)));
    check(
        (ops, x) -> ops.conv(x, Conv.same(2, 3).withGroups(2).withDilation(2).withoutBias(), "c"),
        f(1, 2, 3, 4, 5, 6, 7, 8),
        f(1 * 2 + 3 * 3, 2 * 2 + 4 * 3, 1 + 3 * 2, 2 + 4 * 2, 7, 8, -5, -6),
        1,
        2,
        1,
        4);
  }

  @Test
  void linear_multipliesByTheTransposedWeight() throws Exception {
    store.put(Parameter.of("l.weight", Shape.of(3, 2), f(1, 2, 3, 4, 5, 6)));
    store.put(Parameter.of("l.bias", Shape.of(3), f(10, 20, 30)));
    check((ops, x) -> ops.linear(x, 3, true, "l"), f(1, -1), f(9, 19, 29), 1, 1, 2);
  }

  @Test
  void norms_useTheStatisticsTheyAreNamedAfter() throws Exception {
    store.put(Parameter.of("n.weight", Shape.of(2), f(2, 3)));
    store.put(Parameter.of("n.bias", Shape.of(2), f(1, 0)));
    store.put(Parameter.of("n.running_mean", Shape.of(2), f(4, 0)));
    store.put(Parameter.of("n.running_var", Shape.of(2), f(4, 1)));
    float[] x = {4, 8, -1, 1};
    check((ops, v) -> ops.batchNorm(v, 0, "n"), x, f(1, 5, -3, 3), 1, 2, 1, 2);
    check((ops, v) -> ops.instanceNorm(v, 0), x, f(-1, 1, -1, 1), 1, 2, 1, 2);
    // One group: mean 3, variance (1 + 25 + 16 + 4) / 4 = 11.5.
    float s = (float) Math.sqrt(11.5);
    check(
        (ops, v) -> ops.groupNorm(v, 1, 0, "n"),
        x,
        f(2 / s + 1, 2 * 5 / s + 1, 3 * -4 / s, 3 * -2 / s),
        1,
        2,
        1,
        2);
    check((ops, v) -> ops.layerNorm(v, 0, "n"), x, f(-1, 3, -1, 3), 1, 2, 1, 2);
  }

  @Test
  void activations_matchTheirFormulas() throws Exception {
    store.put(Parameter.of("p.weight", Shape.of(1), 0.1f));
    float[] x = {-2, 0, 1};
    check((ops, v) -> ops.leakyRelu(v, 0.2), x, f(-0.4f, 0, 1), 1, 1, 1, 3);
    check((ops, v) -> ops.prelu(v, 1, "p"), x, f(-0.2f, 0, 1), 1, 1, 1, 3);
    check((ops, v) -> ops.gelu(v), x, f(-0.04550026f, 0, 0.8413447f), 1, 1, 1, 3);
    check((ops, v) -> ops.clip(v, -1, 0.5), x, f(-1, 0, 0.5f), 1, 1, 1, 3);
    check((ops, v) -> ops.from(1, v), x, f(3, 1, 0), 1, 1, 1, 3);
    check((ops, v) -> ops.softmax(v, -1), f(0, 0, 0), f(1 / 3f, 1 / 3f, 1 / 3f), 1, 1, 1, 3);
  }

  @Test
  void reductions_keepTheirAxes() throws Exception {
    float[] x = {1, 5, 2, 8};
    check((ops, v) -> ops.mean(v, 2, 3), x, f(3, 5), 1, 2, 1, 2);
    check((ops, v) -> ops.sum(v, 1), x, f(3, 13), 1, 2, 1, 2);
    check((ops, v) -> ops.maximum(v, -1), x, f(5, 8), 1, 2, 1, 2);
    check((ops, v) -> ops.cast(ops.argMax(v, 1), DType.FLOAT32), x, f(1, 1), 1, 2, 1, 2);
  }

  @Test
  void layout_permuteReshapeConcatSlice_moveElementsOnly() throws Exception {
    float[] x = {1, 2, 3, 4, 5, 6};
    check((ops, v) -> ops.permute(v, 0, 2, 1), x, f(1, 4, 2, 5, 3, 6), 1, 2, 3);
    check((ops, v) -> ops.reshape(v, 1, 3, 2), x, x, 1, 2, 3);
    check((ops, v) -> ops.concat(1, List.of(v, v)), f(1, 2), f(1, 2, 1, 2), 1, 1, 2);
    check((ops, v) -> ops.slice(v, 2, 1, 3), x, f(2, 3, 5, 6), 1, 2, 3);
    check((ops, v) -> ops.matmul(v, ops.permute(v, 0, 2, 1)), f(1, 2), f(5), 1, 1, 2);
  }

  @Test
  void toUint8_roundsAndSaturates() throws Exception {
    check(
        (ops, v) -> ops.cast(ops.toUint8(v), DType.FLOAT32),
        f(-7, 0.4f, 0.6f, 254.6f, 300),
        f(0, 0, 1, 255, 255),
        1,
        1,
        1,
        5);
  }

  private void check(
      BiFunction<OnnxOps, OnnxValue, OnnxValue> network, float[] x, float[] expected, int... dims)
      throws IOException, OrtException {
    OnnxOps ops = new OnnxOps(store);
    ops.output("y", network.apply(ops, ops.input("x", DType.FLOAT32, Shape.of(dims))));
    long[] shape = new long[dims.length];
    for (int i = 0; i < dims.length; i++) {
      shape[i] = dims[i];
    }
    assertArrayEquals(expected, run(ops, x, shape), 1e-5f);
  }

  private float[] run(OnnxOps ops, float[] x, long... shape) throws IOException, OrtException {
    Map<String, float[]> outputs =
        GraphRunner.run(ops, folder, Map.of("x", new GraphRunner.Input(shape, x)));
    return Objects.requireNonNull(outputs.get("y"));
  }

  private static float[] f(float... values) {
    return values;
  }
}
