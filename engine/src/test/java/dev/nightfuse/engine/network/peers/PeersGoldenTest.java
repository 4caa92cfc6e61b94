package dev.nightfuse.engine.network.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.CostOps;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Npy;
import dev.nightfuse.engine.network.Parameter;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The small peers: their published sizes, and their real weights against their authors' code. */
final class PeersGoldenTest {

  private static final Path SHARED =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared");
  private static final Path GOLDEN = SHARED.resolve("peers/golden");

  @TempDir private Path folder;

  @Test
  void cost_atVga_isThePublishedOne() {
    CostOps ops = new CostOps();
    CostOps.Value rgb = ops.input(Shape.of(1, 3, 480, 640));
    CostOps.Value luma = ops.input(Shape.of(1, 1, 480, 640));
    CostOps.Value infrared = ops.input(Shape.of(1, 1, 480, 640));
    Cost fusion = ops.cost(List.of(new SeAFusion().forward(ops, luma, infrared)));
    Cost segmentation = ops.cost(List.of(new MfNet().forward(ops, rgb, infrared)));
    // 166,883 in the file, of which 226 belong to batch norms that are never used.
    assertEquals(166_883 - 226, fusion.parameters());
    assertEquals(51.0, fusion.multiplyAdds() / 1e9, 0.05);
    assertEquals(736_275, segmentation.parameters());
    assertEquals(8.30, segmentation.multiplyAdds() / 1e9, 0.005);
  }

  @Test
  void mfNet_sizeThatDoesNotDivide_isRefused() {
    CostOps ops = new CostOps();
    CostOps.Value rgb = ops.input(Shape.of(1, 3, 480, 648));
    CostOps.Value infrared = ops.input(Shape.of(1, 1, 480, 648));
    String message =
        assertThrows(IllegalArgumentException.class, () -> new MfNet().forward(ops, rgb, infrared))
            .getMessage();
    assertEquals("MFNet at 648x480: width and height must be multiples of 16", message);
  }

  @Test
  void seAFusion_realWeights_matchesTheAuthorsOnACrop() throws Exception {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
    float[] luma = Npy.read(GOLDEN.resolve("seafusion_01405D_crop128_inY.npy"));
    float[] infrared = Npy.read(GOLDEN.resolve("seafusion_01405D_crop128_inIR.npy"));
    float[] fused = seAFusion(luma, infrared, 128, 128);
    float[] expected = Npy.read(GOLDEN.resolve("seafusion_01405D_crop128_Y.npy"));
    assertEquals(0, difference(expected, fused), 1e-5);
  }

  @Test
  void seAFusion_realWeights_matchesTheAuthorsOnAWholePicture() throws Exception {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
    float[] rgb = picture("visible", "00004N", 3);
    float[] luma = new float[640 * 480];
    for (int i = 0; i < luma.length; i++) {
      luma[i] = 0.299f * rgb[i] + 0.587f * rgb[i + luma.length] + 0.114f * rgb[i + 2 * luma.length];
    }
    float[] fused = seAFusion(luma, picture("infrared", "00004N", 1), 480, 640);
    float[] expected = Npy.read(GOLDEN.resolve("seafusion_00004N_Y_full.npy"));
    assertEquals(0, difference(expected, fused), 1e-5);
  }

  @ParameterizedTest
  @ValueSource(strings = {"00004N", "01405D"})
  void mfNet_realWeights_matchesTheAuthorsLogitsAndClasses(String name) throws Exception {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
    OnnxOps ops = new OnnxOps(weights("MFNet.pth"));
    OnnxValue visible = ops.input("visible", DType.FLOAT32, Shape.of(1, 3, 480, 640));
    OnnxValue infrared = ops.input("infrared", DType.FLOAT32, Shape.of(1, 1, 480, 640));
    OnnxValue logits = new MfNet().forward(ops, visible, infrared);
    ops.output("logits", logits);
    ops.output("labels", ops.cast(ops.argMax(logits, 1), DType.FLOAT32));
    Map<String, float[]> outputs =
        GraphRunner.run(
            ops,
            folder,
            Map.of(
                "visible",
                new GraphRunner.Input(new long[] {1, 3, 480, 640}, picture("visible", name, 3)),
                "infrared",
                new GraphRunner.Input(new long[] {1, 1, 480, 640}, picture("infrared", name, 1))));
    float[] all = Objects.requireNonNull(outputs.get("logits"));
    float[] every4th = new float[9 * 120 * 160];
    for (int i = 0; i < every4th.length; i++) {
      int channel = i / (120 * 160);
      int row = i / 160 % 120;
      every4th[i] = all[(channel * 480 + row * 4) * 640 + i % 160 * 4];
    }
    float[] expected = Npy.read(GOLDEN.resolve("mfnet_" + name + "_logits_s4.npy"));
    assertEquals(0, difference(expected, every4th), 5e-5);
    // The manifest says that no pixel of these pictures is a near tie.
    float[] classes = Npy.read(GOLDEN.resolve("mfnet_" + name + "_argmax.npy"));
    assertEquals(0, difference(classes, Objects.requireNonNull(outputs.get("labels"))));
  }

  private float[] seAFusion(float[] luma, float[] infrared, int height, int width)
      throws Exception {
    OnnxOps ops = new OnnxOps(weights("SeAFusion.pth"));
    Shape shape = Shape.of(1, 1, height, width);
    OnnxValue visible = ops.input("visible", DType.FLOAT32, shape);
    OnnxValue thermal = ops.input("infrared", DType.FLOAT32, shape);
    ops.output("fused", new SeAFusion().forward(ops, visible, thermal));
    long[] dims = {1, 1, height, width};
    Map<String, float[]> outputs =
        GraphRunner.run(
            ops,
            folder,
            Map.of(
                "visible", new GraphRunner.Input(dims, luma),
                "infrared", new GraphRunner.Input(dims, infrared)));
    return Objects.requireNonNull(outputs.get("fused"));
  }

  private static ParameterStore weights(String name) throws Exception {
    ParameterStore store = ParameterStore.empty();
    try (WeightsFile file = WeightsFile.open(SHARED.resolve("peers/weights").resolve(name))) {
      for (WeightTensor tensor : file.tensors().values()) {
        int[] dims = tensor.shape().stream().mapToInt(Integer::intValue).toArray();
        store.put(Parameter.of(tensor.name(), Shape.of(dims), tensor.readFloats()));
      }
    }
    return store;
  }

  /** Channel planes in 0 to 1. */
  private static float[] picture(String kind, String name, int channels) throws Exception {
    Path file = SHARED.resolve("data/MSRS").resolve(kind).resolve(name + ".png");
    assumeTrue(Files.exists(file), "picture is not here: " + file);
    BufferedImage image = ImageIO.read(file.toFile());
    float[] planes = new float[channels * 640 * 480];
    for (int y = 0; y < 480; y++) {
      for (int x = 0; x < 640; x++) {
        for (int c = 0; c < channels; c++) {
          // Samples as stored: no colour conversion.
          planes[(c * 480 + y) * 640 + x] = image.getRaster().getSample(x, y, c) / 255f;
        }
      }
    }
    return planes;
  }

  private static double difference(float[] expected, float[] actual) {
    assertEquals(expected.length, actual.length);
    double worst = 0;
    for (int i = 0; i < expected.length; i++) {
      worst = Math.max(worst, Math.abs((double) expected[i] - actual[i]));
    }
    assertTrue(Double.isFinite(worst));
    return worst;
  }
}
