package dev.nightfuse.engine.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.nightnet.NightNet;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** INT8: the arithmetic by hand, and graphs as ONNX Runtime computes them. */
final class BytePrecisionTest {

  @TempDir Path folder;

  @Test
  void weights_eachChannel_usesSevenBitsOfItsOwnStep() {
    ByteWeights weights =
        ByteWeights.of(FloatBuffer.wrap(new float[] {1, -0.5f, 0.3f, -8, 0, 2, 0, 0, 0}), 3);
    assertArrayEquals(new byte[] {64, -32, 19, -64, 0, 16, 0, 0, 0}, weights.values());
    assertArrayEquals(new float[] {1 / 64f, 1 / 8f, 1}, weights.scales());
  }

  @Test
  void weights_largest_neverSaturateThePairSumsOfOldProcessors() {
    assertTrue(2 * 255 * ByteWeights.MOST <= Short.MAX_VALUE);
  }

  @Test
  void bias_isInStepsOfTheSumAndSaturates() {
    float[] sums = new ByteWeights(new byte[2], new float[] {0.5f, 0.25f}).sumScales(0.5f);
    assertArrayEquals(new float[] {0.25f, 0.125f}, sums);
    assertArrayEquals(
        new int[] {-2, Integer.MAX_VALUE},
        ByteWeights.bias(FloatBuffer.wrap(new float[] {-0.6f, 1e30f}), sums));
  }

  @Test
  void range_aroundZero_hasZeroOnAByteAndCutsWhatIsOutside() {
    ActivationRanges.Range range = new ActivationRanges.Range(-1, 3);
    assertEquals(4 / 255f, range.scale());
    assertEquals(64, range.zeroPoint());
    assertEquals(0, range.rounded(0));
    assertEquals(0, range.rounded(0.49 * 4 / 255), 1e-12);
    assertEquals(4 / 255.0, range.rounded(0.51 * 4 / 255), 1e-6);
    assertEquals(191 * 4 / 255.0, range.rounded(100), 1e-6);
    assertEquals(-64 * 4 / 255.0, range.rounded(-100), 1e-6);
    assertEquals(1, new ActivationRanges.Range(0, 0).scale());
  }

  @ParameterizedTest
  @CsvSource({"1,2", "-2,-1", "NaN,1", "0,NaN", "0,Infinity"})
  void range_withoutZeroOrEnd_isRefused(float low, float high) {
    assertThrows(IllegalArgumentException.class, () -> new ActivationRanges.Range(low, high));
  }

  /**
   * One layer in bytes, then the last, which stays exact: 2 relu(round(x) + 0.5). Of four channels
   * of x the first counts.
   */
  private OnnxOps twoLayers() {
    ParameterStore store = new ParameterStore();
    store.put(Parameter.of("a.weight", Shape.of(1, 4, 1, 1), 1, 0, 0, 0));
    store.put(Parameter.of("a.bias", Shape.of(1), 0.5f));
    store.put(Parameter.of("b.weight", Shape.of(1, 1, 1, 1), 2));
    store.put(Parameter.of("b.bias", Shape.of(1), 0));
    OnnxOps ops = new OnnxOps(store);
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(1, 4, 1, 5));
    OnnxValue hidden = ops.relu(ops.conv(x, Conv.same(1, 1), "a"));
    ops.output("y", ops.conv(hidden, Conv.same(1, 1), "b"));
    return ops;
  }

  @Test
  void bytes_layer_roundsItsInputAndCutsItsOutput() throws Exception {
    OnnxOps ops = twoLayers();
    ops.bytes(
        new ActivationRanges(
            Map.of(
                "a.input", new ActivationRanges.Range(-55, 200),
                "a.output", new ActivationRanges.Range(0, 127.5f))));
    float[] y = run(ops, 0, 1.3f, 2.6f, -3, 300);
    assertArrayEquals(new float[] {1, 3, 7, 0, 255}, y);
  }

  @Test
  void bytes_missingRange_isRefusedByNameWithThoseThereAre() {
    OnnxOps ops = twoLayers();
    ActivationRanges ranges =
        new ActivationRanges(Map.of("a.output", new ActivationRanges.Range(0, 1)));
    IllegalArgumentException e =
        assertThrows(IllegalArgumentException.class, () -> ops.bytes(ranges));
    assertEquals("no range for a.input; there are ranges for [a.output]", e.getMessage());
  }

  @Test
  void observe_showsTheNumbersThatWouldBecomeBytes() throws Exception {
    OnnxOps ops = twoLayers();
    ops.observe();
    Map<String, float[]> outputs = GraphRunner.run(ops, folder, inputs(0, 1, 2, -3, 4));
    assertEquals(Set.of("y", "a.input", "a.output"), outputs.keySet());
    assertArrayEquals(new float[] {0.5f, 1.5f, 2.5f, 0, 4.5f}, outputs.get("a.output"));
  }

  /** Both are no faster in bytes, and less exact. */
  @Test
  void bytes_layerOfSingleChannelsAndWhatReadsIt_stayAsTheyAre() throws Exception {
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(1, 4, 8, 8));
    OnnxValue whole = ops.relu(ops.conv(x, Conv.same(4, 3), "whole"));
    OnnxValue each = ops.conv(whole, Conv.same(4, 3).withGroups(4).withoutBias(), "each");
    OnnxValue all = ops.relu(ops.conv(each, Conv.same(4, 1), "all"));
    ops.output("y", ops.conv(all, Conv.same(1, 1), "last"));
    assertEquals(Set.of("y", "whole.input", "whole.output"), observed(ops, 4));
  }

  /** Behind them bytes begin. */
  @Test
  void bytes_layersOfCameraPlanes_stayAsTheyAre() throws Exception {
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    OnnxValue x = ops.input("x", DType.FLOAT32, Shape.of(1, 2, 8, 8));
    OnnxValue left = ops.relu(ops.conv(x, Conv.same(4, 3), "left"));
    OnnxValue right = ops.relu(ops.conv(x, Conv.same(4, 3), "right"));
    OnnxValue next =
        ops.relu(ops.conv(ops.concat(1, List.of(left, right)), Conv.same(4, 3), "next"));
    ops.output("y", ops.conv(next, Conv.same(1, 1), "last"));
    assertEquals(Set.of("y", "next.input", "next.output"), observed(ops, 2));
  }

  /** Outputs of a graph whose points are shown, run on 8x8 pixels. */
  private Set<String> observed(OnnxOps ops, int channels) throws Exception {
    ops.observe();
    GraphRunner.Input x =
        new GraphRunner.Input(new long[] {1, channels, 8, 8}, new float[channels * 64]);
    return GraphRunner.run(ops, folder, Map.of("x", x)).keySet();
  }

  private float[] run(OnnxOps ops, float... x) throws Exception {
    return Objects.requireNonNull(GraphRunner.run(ops, folder, inputs(x)).get("y"));
  }

  private static Map<String, GraphRunner.Input> inputs(float... x) {
    return Map.of(
        "x", new GraphRunner.Input(new long[] {1, 4, 1, x.length}, Arrays.copyOf(x, 4 * x.length)));
  }

  /** NightNet with weights by formula on a picture by formula. */
  private record Night(OnnxOps ops, Map<String, GraphRunner.Input> inputs) {
    static Night of(int height, int width) {
      OnnxOps ops = new OnnxOps(GeneratedWeights.store());
      Map<String, GraphRunner.Input> inputs = new HashMap<>();
      NightNet.Output<OnnxValue> output =
          NightNet.SMALL.forward(
              ops,
              input(ops, inputs, "y", height, width),
              input(ops, inputs, "u", height / 2, width / 2),
              input(ops, inputs, "v", height / 2, width / 2),
              input(ops, inputs, "infrared", height, width),
              9);
      ops.output("fused", output.fused());
      return new Night(ops, inputs);
    }

    private static OnnxValue input(
        OnnxOps ops, Map<String, GraphRunner.Input> inputs, String name, int height, int width) {
      inputs.put(
          name,
          new GraphRunner.Input(
              new long[] {1, 1, height, width},
              GeneratedWeights.unit(GeneratedWeights.infrared(height, width))));
      return ops.input(name, DType.FLOAT32, Shape.of(1, 1, height, width));
    }

    Map<String, float[]> run(Path folder) throws Exception {
      return GraphRunner.run(ops, folder, inputs);
    }
  }

  @Test
  void bytes_nightNet_hasTheSamePointsAtEverySizeAndStaysCloseToItself() throws Exception {
    Night small = Night.of(32, 64);
    small.ops.observe();
    Night large = Night.of(96, 64);
    large.ops.observe();
    Map<String, float[]> exact = large.run(folder);
    assertEquals(small.run(folder).keySet(), exact.keySet());

    Map<String, ActivationRanges.Range> ranges = new HashMap<>();
    exact.forEach(
        (point, values) -> {
          float low = 0;
          float high = 0;
          for (float value : values) {
            low = Math.min(low, value);
            high = Math.max(high, value);
          }
          ranges.put(point, new ActivationRanges.Range(low, high));
        });
    Night coarse = Night.of(96, 64);
    coarse.ops.bytes(new ActivationRanges(ranges));
    float[] expected = Objects.requireNonNull(exact.get("fused"));
    float[] found = Objects.requireNonNull(coarse.run(folder).get("fused"));
    double squares = 0;
    for (int i = 0; i < expected.length; i++) {
      squares += Math.pow(expected[i] - found[i], 2);
    }
    double error = Math.sqrt(squares / expected.length);
    assertTrue(error > 0 && error < 0.02, "root mean square error " + error);
  }
}
