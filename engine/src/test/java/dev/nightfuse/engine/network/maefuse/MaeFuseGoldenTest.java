package dev.nightfuse.engine.network.maefuse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Npy;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse.Attention;
import dev.nightfuse.engine.network.maefuse.MaeFuse.Transformer;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** MaeFuse against the outputs of its authors' code on generated weights. */
final class MaeFuseGoldenTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/golden/maefuse");
  private static final double TOLERANCE = 1e-4;

  @TempDir private Path folder;

  private static MaeFuse tiny(Attention attention) {
    return new MaeFuse(new Transformer(64, 2, 4), new Transformer(32, 2, 4), 4, attention);
  }

  @Test
  void tokens_releasedReading_matchesTheAuthors() throws Exception {
    compare(Attention.RELEASED, "tiny64_formula");
  }

  @Test
  void tokens_paperReading_matchesAttentionOverTokens() throws Exception {
    compare(Attention.PAPER, "tiny64_tokenattn");
  }

  /** The published size with small transformers: every eighth pixel of the picture. */
  @Test
  void picture_publishedSize_matchesTheAuthors() throws Exception {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
    int side = 640;
    int[] colours = GeneratedWeights.visible(side, side);
    float[] green = inThreeChannels(Arrays.copyOfRange(colours, side * side, 2 * side * side));
    float[] thermal = inThreeChannels(GeneratedWeights.infrared(side, side));
    MaeFuse small =
        new MaeFuse(new Transformer(64, 2, 4), new Transformer(32, 2, 4), 40, Attention.RELEASED);
    float[] tokens = run(small, 1, side, normalised(green), normalised(thermal));
    int columns = side / MaeFuse.PATCH;
    float[] found = new float[3 * 80 * 80];
    for (int c = 0; c < 3; c++) {
      for (int y = 0; y < 80; y++) {
        for (int x = 0; x < 80; x++) {
          int token = y / 2 * columns + x / 2;
          int pixel = y % 2 * 8 * MaeFuse.PATCH + x % 2 * 8;
          found[(c * 80 + y) * 80 + x] = tokens[token * 768 + pixel * 3 + c];
        }
      }
    }
    float[] expected = Npy.read(GOLDEN.resolve("small640_formula.image_s8.npy"));
    assertClose(expected, found, TOLERANCE, "small640_formula");
  }

  private static float[] inThreeChannels(int[] plane) {
    float[] bytes = new float[3 * plane.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = plane[i / 3];
    }
    return bytes;
  }

  @Test
  void tokens_batchOfTwo_eachSampleEqualsItsBatchOfOne() throws Exception {
    float[] first = picture(64, 0);
    float[] second = picture(64, 17);
    for (Attention attention : Attention.values()) {
      float[] one = run(tiny(attention), 1, 64, first, second);
      float[] two = run(tiny(attention), 1, 64, second, first);
      float[] both = run(tiny(attention), 2, 64, concat(first, second), concat(second, first));
      assertClose(concat(one, two), both, 1e-5, attention.toString());
    }
  }

  private void compare(Attention attention, String golden) throws Exception {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
    float[] visible = normalised(Npy.read(GOLDEN.resolve("formula_64.vi.npy")));
    float[] infrared = normalised(Npy.read(GOLDEN.resolve("formula_64.ir.npy")));
    float[] tokens = run(tiny(attention), 1, 64, visible, infrared);
    assertClose(Npy.read(GOLDEN.resolve(golden + ".tokens.npy")), tokens, TOLERANCE, golden);
  }

  /** Bytes, channel last, to normalised planes; in double, rounded once, as the reference does. */
  private static float[] normalised(float[] bytes) {
    double[] mean = {0.485, 0.456, 0.406};
    double[] deviation = {0.229, 0.224, 0.225};
    int pixels = bytes.length / 3;
    float[] planes = new float[bytes.length];
    for (int p = 0; p < pixels; p++) {
      for (int c = 0; c < 3; c++) {
        planes[c * pixels + p] = (float) ((bytes[3 * p + c] / 255.0 - mean[c]) / deviation[c]);
      }
    }
    return planes;
  }

  private float[] run(MaeFuse network, int batch, int side, float[] visible, float[] infrared)
      throws Exception {
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    Shape shape = Shape.of(Shape.DYNAMIC, 3, side, side);
    OnnxValue v = ops.input("visible", DType.FLOAT32, shape);
    OnnxValue i = ops.input("infrared", DType.FLOAT32, shape);
    ops.output("tokens", network.tokens(ops, v, i));
    long[] dims = {batch, 3, side, side};
    float[] tokens =
        GraphRunner.run(
                ops,
                folder,
                Map.of(
                    "visible",
                    new GraphRunner.Input(dims, visible),
                    "infrared",
                    new GraphRunner.Input(dims, infrared)))
            .get("tokens");
    if (tokens == null) {
      throw new AssertionError("no tokens");
    }
    return tokens;
  }

  private static float[] picture(int side, int seed) {
    float[] values = new float[3 * side * side];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) Math.sin(0.37 * i + seed);
    }
    return values;
  }

  private static float[] concat(float[] a, float[] b) {
    float[] all = Arrays.copyOf(a, a.length + b.length);
    System.arraycopy(b, 0, all, a.length, b.length);
    return all;
  }

  private static void assertClose(float[] expected, float[] actual, double tolerance, String what) {
    assertEquals(expected.length, actual.length, what);
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
    }
    System.out.printf("%s: largest difference %.2g%n", what, worst);
    assertEquals(0, worst, tolerance, what);
  }
}
