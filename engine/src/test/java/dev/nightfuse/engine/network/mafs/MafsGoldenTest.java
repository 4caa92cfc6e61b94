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
