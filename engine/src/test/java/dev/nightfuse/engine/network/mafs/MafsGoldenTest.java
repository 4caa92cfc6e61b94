package dev.nightfuse.engine.network.mafs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Npy;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** MAFS against the outputs of its authors' code on generated weights. */
final class MafsGoldenTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/golden/mafs");
  private static final double TOLERANCE = 1e-4;

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(ints = {32, 64})
  void fuse_generatedWeights_matchesTheAuthorsFusedPicture(int side) throws Exception {
    assumeGolden();
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    OnnxValue visible = ops.input("visible", DType.FLOAT32, Shape.of(1, 3, side, side));
    OnnxValue infrared = ops.input("infrared", DType.FLOAT32, Shape.of(1, 1, side, side));
    ops.output("fused", Mafs.fuse(ops, visible, infrared));
    compare("formula_%dx%d".formatted(side, side), run(ops, 1, side), Map.of("fused", "fused"));
  }

  @Test
  @Tag("long")
  void forward_generatedWeights_matchesEveryOutputOfTheAuthors() throws Exception {
    assumeGolden();
    for (int side : new int[] {32, 64}) {
      OnnxOps ops = new OnnxOps(GeneratedWeights.store());
      OnnxValue visible = ops.input("visible", DType.FLOAT32, Shape.of(1, 3, side, side));
      OnnxValue infrared = ops.input("infrared", DType.FLOAT32, Shape.of(1, 1, side, side));
      Mafs.Output<OnnxValue> out = new Mafs(15).forward(ops, visible, infrared);
      Map<String, String> outputs = new LinkedHashMap<>();
      declare(ops, outputs, "fused", out.fused());
      declare(ops, outputs, "semantic", out.semantic());
      declare(ops, outputs, "out1", out.auxiliary().out1());
      declare(ops, outputs, "out2", out.auxiliary().out2());
      declare(ops, outputs, "out3", out.auxiliary().out3());
      declare(ops, outputs, "out4", out.auxiliary().out4());
      declare(ops, outputs, "out5", out.auxiliary().out5());
      declare(ops, outputs, "out6", out.auxiliary().out6());
      compare("formula_%dx%d".formatted(side, side), run(ops, 1, side), outputs);
    }
  }

  /** A real road scene of 256x256: fused picture, every fourth logit, and the label map. */
  @Test
  @Tag("long")
  void forward_realPair_matchesFusedLogitsAndLabels() throws Exception {
    assumeGolden();
    int side = 256;
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    OnnxValue visible = ops.input("visible", DType.FLOAT32, Shape.of(1, 3, side, side));
    OnnxValue infrared = ops.input("infrared", DType.FLOAT32, Shape.of(1, 1, side, side));
    Mafs.Output<OnnxValue> out = new Mafs(15).forward(ops, visible, infrared);
    ops.output("fused", out.fused());
    ops.output("semantic", out.semantic());
    float[] bytes = Npy.read(GOLDEN.resolve("road_256.vi.npy"));
    float[] planes = new float[bytes.length];
    for (int i = 0; i < side * side; i++) {
      for (int c = 0; c < 3; c++) {
        planes[c * side * side + i] = bytes[3 * i + c] / 255f;
      }
    }
    float[] thermal = Npy.read(GOLDEN.resolve("road_256.ir.npy"));
    for (int i = 0; i < thermal.length; i++) {
      thermal[i] /= 255f;
    }
    Map<String, float[]> found =
        GraphRunner.run(
            ops,
            folder,
            Map.of(
                "visible", new GraphRunner.Input(new long[] {1, 3, side, side}, planes),
                "infrared", new GraphRunner.Input(new long[] {1, 1, side, side}, thermal)));
    compare("road_256", found, Map.of("fused", "fused"));
    float[] logits = found.get("semantic");
    float[] sparse = Npy.read(GOLDEN.resolve("road_256.semantic_s4.npy"));
    float[] labels = Npy.read(GOLDEN.resolve("road_256.label.npy"));
    double worst = 0;
    int wrong = 0;
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        int best = 0;
        float first = Float.NEGATIVE_INFINITY;
        float second = Float.NEGATIVE_INFINITY;
        for (int c = 0; c < 15; c++) {
          float logit = logits[(c * side + y) * side + x];
          if (logit > first) {
            second = first;
            first = logit;
            best = c;
          } else {
            second = Math.max(second, logit);
          }
          if (x % 4 == 0 && y % 4 == 0) {
            worst = Math.max(worst, Math.abs(logit - sparse[(c * 64 + y / 4) * 64 + x / 4]));
          }
        }
        wrong += first - second > 1e-3 && best != labels[y * side + x] ? 1 : 0;
      }
    }
    assertEquals(0, worst, TOLERANCE, "logits");
    assertEquals(0, wrong, "labels where the margin exceeds 1e-3");
  }

  private static void declare(
      OnnxOps ops, Map<String, String> names, String name, OnnxValue value) {
    ops.output(name, value);
    names.put(name, name);
  }

  private static void assumeGolden() {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
  }

  private Map<String, float[]> run(OnnxOps ops, int batch, int side) throws Exception {
    float[] visible = GeneratedWeights.unit(GeneratedWeights.visible(side, side));
    float[] infrared = GeneratedWeights.unit(GeneratedWeights.infrared(side, side));
    return GraphRunner.run(
        ops,
        folder,
        Map.of(
            "visible", new GraphRunner.Input(new long[] {batch, 3, side, side}, visible),
            "infrared", new GraphRunner.Input(new long[] {batch, 1, side, side}, infrared)));
  }

  private static void compare(
      String golden, Map<String, float[]> found, Map<String, String> outputs) throws IOException {
    for (Map.Entry<String, String> output : outputs.entrySet()) {
      float[] expected = Npy.read(GOLDEN.resolve(golden + "." + output.getValue() + ".npy"));
      float[] actual = found.get(output.getKey());
      assertEquals(expected.length, actual.length, output.getKey());
      double worst = 0;
      for (int i = 0; i < expected.length; i++) {
        worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
      }
      System.out.printf("%s %s: largest difference %.2g%n", golden, output.getKey(), worst);
      assertEquals(0, worst, TOLERANCE, golden + " " + output.getKey());
    }
  }
}
