package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.engine.ort.OrtProvider;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the shipped weights must not have learnt. */
final class ShippedNetworksTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 256;

  private static final int SKY = HEIGHT / 2;

  @TempDir Path folder;

  /** The upper half of the pictures is sky: white and cold, darker, or as dark as it is cold. */
  @Retention(RetentionPolicy.RUNTIME)
  @CsvSource({
    "nightnet-m,236,38", "nightnet-m,120,40", "nightnet-m,30,60",
    "nightnet-s,236,38", "nightnet-s,120,40", "nightnet-s,30,60"
  })
  private @interface Skies {}

  @ParameterizedTest
  @Skies
  void fuse_evenSky_showsNoLineAlongTheBorder(String name, int visible, int infrared)
      throws Exception {
    ByteBuffer fused = fused(name, visible, infrared);
    for (int i = 1; i < 12; i++) {
      assertNoLine(name + ", top", i, k -> mean(fused, k, k + 1, 0, WIDTH));
      assertNoLine(name + ", left", i, k -> mean(fused, 0, SKY - 8, k, k + 1));
      assertNoLine(name + ", right", i, k -> mean(fused, 0, SKY - 8, WIDTH - 1 - k, WIDTH - k));
    }
  }

  /** Neither brighter nor darker than what lies on both sides of it. */
  private static void assertNoLine(String where, int i, IntToDoubleFunction mean) {
    double beside = (mean.applyAsDouble(i - 1) + mean.applyAsDouble(i + 1)) / 2;
    double line = mean.applyAsDouble(i);
    assertEquals(beside, line, 6, where + ", pixel " + i + " from the border");
  }

  /** Towards the ground the sky changes, and not from one block of the network to the next. */
  @ParameterizedTest
  @Skies
  void fuse_evenSky_showsNoBordersOfBlocks(String name, int visible, int infrared)
      throws Exception {
    ByteBuffer fused = fused(name, visible, infrared);
    double between = 0;
    double inside = 0;
    for (int y = SKY - 12 * NightNet.BLOCK; y < SKY - NightNet.BLOCK; y++) {
      double step = mean(fused, y, y + 1, 0, WIDTH) - mean(fused, y - 1, y, 0, WIDTH);
      if (y % NightNet.BLOCK == 0) {
        between += Math.abs(step);
      } else {
        inside += Math.abs(step) / (NightNet.BLOCK - 1);
      }
    }
    assertTrue(between < 2 * inside, name + ": between " + between + ", inside " + inside);
  }

  @ParameterizedTest
  @ValueSource(strings = {"nightnet-m", "nightnet-s"})
  void fuse_withLabelsAndWithout_isTheSamePicture(String name) throws Exception {
    ByteBuffer labels = ByteBuffer.allocateDirect(WIDTH * HEIGHT / 4);
    ByteBuffer with = fused(name, 120, 40, labels);
    assertEquals(with, fused(name, 120, 40));
  }

  private ByteBuffer fused(String name, int visibleSky, int infraredSky) throws Exception {
    return fused(name, visibleSky, infraredSky, null);
  }

  private ByteBuffer fused(
      String name, int visibleSky, int infraredSky, @Nullable ByteBuffer labels) throws Exception {
    ByteBuffer visible = picture(visibleSky, 120, 1);
    ByteBuffer infrared = picture(infraredSky, 150, 2);
    ModelFile model = new ModelStore(folder).resolveForPictures(name, WIDTH, HEIGHT);
    ByteBuffer grey = ByteBuffer.allocateDirect(WIDTH * HEIGHT / 4);
    while (grey.hasRemaining()) {
      grey.put((byte) 128);
    }
    ByteBuffer fused = ByteBuffer.allocateDirect(WIDTH * HEIGHT);
    FusionBatch batch = new FusionBatch(1);
    batch.add(visible, grey.flip(), grey, infrared, fused, labels);
    try (FusionEngine engine =
        new OrtProvider().open(model, new EngineOptions(WIDTH, HEIGHT, 1, 1))) {
      engine.fuse(batch);
    }
    return fused;
  }

  private static ByteBuffer picture(int sky, int ground, long seed) {
    Random random = new Random(seed);
    ByteBuffer plane = ByteBuffer.allocateDirect(WIDTH * HEIGHT);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        double even = y < SKY ? sky : ground + 30 * Math.sin(x / 9.0) * Math.sin(y / 7.0);
        plane.put((byte) Math.round(even + 2 * random.nextGaussian()));
      }
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
