package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ort.OrtProvider;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the shipped weights must not have learnt. */
final class ShippedNetworksTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 256;

  /** Where the network's own border may show. */
  private static final int OUTER = 8;

  @TempDir Path folder;

  /** The upper three quarters of a picture are sky: white and cold, grey, or dark. */
  @ParameterizedTest
  @CsvSource({
    "nightnet-m,230,30", "nightnet-m,120,40", "nightnet-m,30,60",
    "nightnet-s,230,30", "nightnet-s,120,40", "nightnet-s,30,60"
  })
  void fuse_evenSky_showsNoLineAlongTheBorder(String name, int visible, int infrared)
      throws Exception {
    ByteBuffer fused = fused(name, sky(visible, 1), sky(infrared, 2));
    double sky = mean(fused, OUTER, 3 * OUTER, OUTER, WIDTH - OUTER);
    for (int i = 0; i < OUTER; i++) {
      String where = name + ", pixel " + i + " from the ";
      double top = mean(fused, i, i + 1, OUTER, WIDTH - OUTER);
      assertTrue(Math.abs(top - sky) < 8, where + "top: " + top + ", sky " + sky);
      double left = mean(fused, OUTER, 3 * OUTER, i, i + 1);
      assertTrue(Math.abs(left - sky) < 8, where + "left: " + left + ", sky " + sky);
      double right = mean(fused, OUTER, 3 * OUTER, WIDTH - 1 - i, WIDTH - i);
      assertTrue(Math.abs(right - sky) < 8, where + "right: " + right + ", sky " + sky);
    }
  }

  private ByteBuffer fused(String name, ByteBuffer visible, ByteBuffer infrared) throws Exception {
    ModelFile model = new ModelStore(folder).resolveForPictures(name, WIDTH, HEIGHT);
    ByteBuffer grey = ByteBuffer.allocateDirect(WIDTH * HEIGHT / 4);
    while (grey.hasRemaining()) {
      grey.put((byte) 128);
    }
    ByteBuffer fused = ByteBuffer.allocateDirect(WIDTH * HEIGHT);
    FusionBatch batch = new FusionBatch(1);
    batch.add(visible, grey.flip(), grey, infrared, fused, null);
    try (FusionEngine engine =
        new OrtProvider().open(model, new EngineOptions(WIDTH, HEIGHT, 1, 1))) {
      engine.fuse(batch);
    }
    return fused;
  }

  /** Some noise; below it ground of middle grey. */
  private static ByteBuffer sky(int level, long seed) {
    Random random = new Random(seed);
    ByteBuffer plane = ByteBuffer.allocateDirect(WIDTH * HEIGHT);
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      int even = i < WIDTH * HEIGHT / 4 * 3 ? level : 110;
      plane.put((byte) Math.round(even + 2 * random.nextGaussian()));
    }
    return plane.flip();
  }

  private static double mean(ByteBuffer plane, int top, int bottom, int left, int right) {
    long sum = 0;
    for (int y = top; y < bottom; y++) {
      for (int x = left; x < right; x++) {
        sum += plane.get(y * WIDTH + x) & 0xff;
      }
    }
    return sum / (double) ((bottom - top) * (right - left));
  }
}
