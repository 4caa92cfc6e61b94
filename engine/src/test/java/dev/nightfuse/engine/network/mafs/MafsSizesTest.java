package dev.nightfuse.engine.network.mafs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.CostOps;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The two sizes that are not multiples of 32 and that the release fits inside. */
final class MafsSizesTest {

  @TempDir private Path folder;

  private static <T> Map<String, T> outputs(Mafs.Output<T> output) {
    Map<String, T> outputs = new LinkedHashMap<>();
    outputs.put("fused", output.fused());
    outputs.put("semantic", output.semantic());
    outputs.put("out1", output.auxiliary().out1());
    outputs.put("out2", output.auxiliary().out2());
    outputs.put("out3", output.auxiliary().out3());
    outputs.put("out4", output.auxiliary().out4());
    outputs.put("out5", output.auxiliary().out5());
    outputs.put("out6", output.auxiliary().out6());
    return outputs;
  }

  /** The release's first two auxiliary maps of FMB pictures are eight rows too high. */
  @ParameterizedTest
  @CsvSource({"600, 800, 608", "720, 1280, 720", "480, 640, 480"})
  void forward_size_outputsHaveTheReleasesSizes(int height, int width, int firstHeight) {
    CostOps ops = new CostOps();
    Map<String, CostOps.Value> outputs =
        outputs(
            new Mafs(15)
                .forward(
                    ops,
                    ops.input(Shape.of(1, 3, height, width)),
                    ops.input(Shape.of(1, 1, height, width))));
    outputs.forEach(
        (name, value) -> {
          boolean first = name.equals("out1") || name.equals("out2");
          List<Integer> size = List.of(value.shape().dim(2), value.shape().dim(3));
          assertEquals(List.of(first ? firstHeight : height, width), size, name);
        });
  }

  @Test
  void takes_sizesOfTheReleaseOnly() {
    assertTrue(Mafs.takes(600, 800));
    assertTrue(Mafs.takes(720, 1280));
    assertFalse(Mafs.takes(800, 600));
    assertFalse(Mafs.takes(322, 478));
    CostOps ops = new CostOps();
    CostOps.Value visible = ops.input(Shape.of(1, 3, 322, 478));
    CostOps.Value infrared = ops.input(Shape.of(1, 1, 322, 478));
    assertThrows(IllegalArgumentException.class, () -> Mafs.fuse(ops, visible, infrared));
  }

  /** Runs, and every sample of a batch has its own result; with the least of backbones. */
  @Test
  @Tag("long")
  void forward_fmbPicturesInABatch_eachEqualsItsOwnResult() throws Exception {
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    OnnxValue visible = ops.input("visible", DType.FLOAT32, Shape.of(Shape.DYNAMIC, 3, 600, 800));
    OnnxValue infrared = ops.input("infrared", DType.FLOAT32, Shape.of(Shape.DYNAMIC, 1, 600, 800));
    Mafs small = new Mafs(5, Mafs.Backbone.RESNET_14);
    outputs(small.forward(ops, visible, infrared)).forEach(ops::output);
    float[] colours = GeneratedWeights.unit(GeneratedWeights.visible(600, 800));
    float[] thermal = GeneratedWeights.unit(GeneratedWeights.infrared(600, 800));
    float[] dimmed = dimmed(thermal);
    Map<String, float[]> first = run(ops, 1, colours, thermal);
    Map<String, float[]> second = run(ops, 1, colours, dimmed);
    Map<String, float[]> both = run(ops, 2, concat(colours, colours), concat(thermal, dimmed));
    for (String name : first.keySet()) {
      float[] expected = concat(first.get(name), second.get(name));
      float[] found = both.get(name);
      assertEquals(expected.length, found.length, name);
      double worst =
          IntStream.range(0, found.length)
              .mapToDouble(i -> Math.abs(expected[i] - found[i]))
              .max()
              .orElseThrow();
      assertEquals(0, worst, 1e-4, name);
    }
  }

  private Map<String, float[]> run(OnnxOps ops, int batch, float[] visible, float[] infrared)
      throws Exception {
    return GraphRunner.run(
        ops,
        folder,
        Map.of(
            "visible", new GraphRunner.Input(new long[] {batch, 3, 600, 800}, visible),
            "infrared", new GraphRunner.Input(new long[] {batch, 1, 600, 800}, infrared)));
  }

  private static float[] dimmed(float[] values) {
    float[] half = values.clone();
    for (int i = 0; i < half.length; i++) {
      half[i] *= 0.5f;
    }
    return half;
  }

  private static float[] concat(float[] a, float[] b) {
    float[] all = new float[a.length + b.length];
    System.arraycopy(a, 0, all, 0, a.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }
}
