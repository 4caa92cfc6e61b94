package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.GeneratedWeights;
import dev.nightfuse.engine.network.GraphRunner;
import dev.nightfuse.engine.network.Npy;
import dev.nightfuse.engine.network.ParameterStore;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.engine.onnx.OnnxOps;
import dev.nightfuse.engine.onnx.OnnxValue;
import dev.nightfuse.engine.ort.OrtProvider;
import java.awt.image.Raster;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What surrounds the networks inside a deployed graph. */
final class DeploymentTest {

  private static final Path GOLDEN =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/golden/maefuse");

  @TempDir private Path folder;

  @Test
  void rgb_primariesInLimitedRange_becomeUnitColours() throws Exception {
    // BT.601: black, white, red, green, blue, and blacker than black.
    assertPrimaries(false, 16, 235, 81, 145, 41, 0);
  }

  @Test
  void rgb_primariesInFullRange_becomeUnitColours() throws Exception {
    assertPrimaries(true, 0, 255, 76, 150, 29, 0);
  }

  private void assertPrimaries(boolean fullRange, float... y) throws Exception {
    float[] u = {128, 128, 90, 54, 240, 128};
    float[] v = {128, 128, 240, 34, 110, 128};
    float[][] expected = {{0, 0, 0}, {1, 1, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 0, 0}};
    for (int i = 0; i < y.length; i++) {
      OnnxOps ops = new OnnxOps(ParameterStore.empty());
      OnnxValue luma = ops.input("y", DType.FLOAT32, Shape.of(1, 1, 3, 3));
      OnnxValue cb = ops.input("u", DType.FLOAT32, Shape.of(1, 1, 2, 2));
      OnnxValue cr = ops.input("v", DType.FLOAT32, Shape.of(1, 1, 2, 2));
      ops.output("rgb", Planes.rgb(ops, luma, cb, cr, fullRange));
      float[] rgb =
          GraphRunner.run(
                  ops,
                  folder,
                  Map.of("y", plane(3, y[i]), "u", plane(2, u[i]), "v", plane(2, v[i])))
              .get("rgb");
      for (int c = 0; c < 3; c++) {
        assertEquals(expected[i][c], rgb[9 * c + 4], 0.01, "colour " + i + " channel " + c);
      }
    }
  }

  @Test
  void luma_everyLevel_comesBackAsItWas() throws Exception {
    for (boolean fullRange : new boolean[] {false, true}) {
      for (int level = fullRange ? 0 : 16; level <= (fullRange ? 255 : 235); level += 9) {
        OnnxOps ops = new OnnxOps(ParameterStore.empty());
        OnnxValue y = ops.input("y", DType.FLOAT32, Shape.of(1, 1, 1, 1));
        OnnxValue unit = Planes.unitLuma(ops, y, fullRange);
        ops.output("back", ops.cast(Planes.luma(ops, unit, fullRange), DType.FLOAT32));
        float[] back = GraphRunner.run(ops, folder, Map.of("y", plane(1, level))).get("back");
        assertEquals(level, back[0]);
      }
    }
  }

  private static GraphRunner.Input plane(int side, float value) {
    float[] values = new float[side * side];
    Arrays.fill(values, value);
    return new GraphRunner.Input(new long[] {1, 1, side, side}, values);
  }

  @Test
  void forward_smallMaeFuse_givesTheScriptsFusedPicture() throws Exception {
    assumeTrue(Files.isDirectory(GOLDEN), "golden vectors are not here: " + GOLDEN);
    int side = 640;
    ImportOptions options = ImportOptions.of(Network.MAEFUSE, side, side);
    MaeFuse small =
        new MaeFuse(
            new MaeFuse.Transformer(64, 2, 4),
            new MaeFuse.Transformer(32, 2, 4),
            40,
            MaeFuse.Attention.RELEASED);
    OnnxOps ops = new OnnxOps(GeneratedWeights.store());
    Deployment deployment = new Deployment(options, small);
    Map<String, OnnxValue> inputs = new LinkedHashMap<>();
    for (Deployment.Input input : deployment.inputs()) {
      inputs.put(input.name(), ops.input(input.name(), input.type(), input.shape()));
    }
    deployment.forward(ops, inputs).forEach(ops::output);
    Path onnx = folder.resolve(ModelFile.ONNX_NAME);
    try (FileChannel out =
        FileChannel.open(onnx, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ops.write("small", out);
    }
    ModelManifest manifest =
        new ModelManifest(
            "small",
            ModelFile.sha256(onnx),
            List.copyOf(inputs.keySet()),
            side,
            side,
            1,
            0,
            List.of(),
            List.of(),
            "fp32",
            "generated",
            "none");
    ByteBuffer fused = ByteBuffer.allocateDirect(side * side);
    ByteBuffer chroma = ByteBuffer.allocateDirect(side * side / 4);
    try (FusionEngine engine =
        new OrtProvider()
            .open(new ModelFile(onnx, manifest), new EngineOptions(side, side, 1, 1))) {
      FusionBatch batch = new FusionBatch(1);
      batch.add(
          grey("pipeline_640.vi.npy"), chroma, chroma, grey("pipeline_640.ir.npy"), fused, null);
      engine.fuse(batch);
    }
    Raster expected =
        ImageIO.read(GOLDEN.resolve("small640_pipeline.y640.png").toFile()).getRaster();
    int worst = 0;
    long sum = 0;
    for (int i = 0; i < side * side; i++) {
      int difference = Math.abs(expected.getSample(i % side, i / side, 0) - (fused.get(i) & 0xff));
      worst = Math.max(worst, difference);
      sum += difference;
    }
    assertTrue(worst <= 1, "largest difference " + worst);
    assertTrue(sum < 0.02 * side * side, "differences in sum " + sum);
  }

  private static ByteBuffer grey(String name) throws Exception {
    float[] values = Npy.read(GOLDEN.resolve(name));
    ByteBuffer plane = ByteBuffer.allocateDirect(640 * 640);
    for (int i = 0; i < plane.capacity(); i++) {
      plane.put(i, (byte) values[i]);
    }
    return plane;
  }
}
