package dev.nightfuse.engine.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.model.ModelStore;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the weights-free network promises about its pictures, on scenes painted for it. */
final class DetailTransferTest {

  private static final int W = 320;
  private static final int H = 240;

  /** A warm body in the middle. */
  private static final int LEFT = 150;

  private static final int TOP = 90;
  private static final int WIDE = 20;
  private static final int TALL = 60;

  @TempDir Path cache;

  @Test
  void nightScene_personOnlyThermalSees_standsOut() throws EngineException {
    int[] fused = fuse((x, y) -> 12, (x, y) -> body(x, y) ? 200 : 30);
    assertTrue(mean(fused, DetailTransferTest::body) > 150, "body");
    assertTrue(mean(fused, (x, y) -> !near(x, y, 24)) < 40, "surroundings stay dark");
  }

  @Test
  void dayScene_darkPersonOnBrightRoad_becomesBrighterThanTheRoad() throws EngineException {
    int[] fused = fuse((x, y) -> body(x, y) ? 60 : 130, (x, y) -> body(x, y) ? 180 : 50);
    double road = mean(fused, (x, y) -> !near(x, y, 24));
    assertEquals(130, road, 2);
    assertTrue(mean(fused, DetailTransferTest::body) > road + 20, "body against the road");
  }

  @Test
  void smoke_edgeThatOnlyThermalSees_isTransferred() throws EngineException {
    int[] fused = fuse((x, y) -> 120, (x, y) -> (x / 16 % 2 == 0) ? 50 : 75);
    double light = mean(fused, (x, y) -> x / 16 % 2 == 1 && inside(x, y));
    double dark = mean(fused, (x, y) -> x / 16 % 2 == 0 && inside(x, y));
    assertTrue(light - dark > 12, "stripes differ by " + (light - dark));
    assertEquals(120, (light + dark) / 2, 6, "the visible base stays");
  }

  @Test
  void texture_thatOnlyVisibleSees_isKept() throws EngineException {
    int[] fused = fuse((x, y) -> 100 + 15 * ((x / 3 + y / 3) % 2), (x, y) -> 60);
    for (int y = 20; y < H - 20; y++) {
      for (int x = 20; x < W - 20; x++) {
        assertEquals(100 + 15 * ((x / 3 + y / 3) % 2), fused[y * W + x], 3, x + "," + y);
      }
    }
  }

  @Test
  void hotBody_hasNoHalo() throws EngineException {
    IntBinaryOperator visible = (x, y) -> 110;
    int[] without = fuse(visible, (x, y) -> 60);
    int[] with = fuse(visible, (x, y) -> body(x, y) ? 230 : 60);
    for (int y = 0; y < H; y++) {
      for (int x = 0; x < W; x++) {
        if (!near(x, y, 2)) {
          assertEquals(without[y * W + x], with[y * W + x], 12, "at " + x + "," + y);
        }
      }
    }
  }

  @Test
  void darkNoise_isNotAmplified() throws EngineException {
    Random random = new Random(5);
    int[] visibleNoise = random.ints(W * H, -3, 4).toArray();
    int[] thermalNoise = random.ints(W * H, -2, 3).toArray();
    int[] fused =
        fuse((x, y) -> 10 + visibleNoise[y * W + x], (x, y) -> 25 + thermalNoise[y * W + x]);
    assertTrue(deviation(fused) <= deviation(visibleNoise) * 1.05, "was " + deviation(fused));
  }

  @Test
  void whiteSky_aboveAColdThermalOne_staysWhiteAndFlat() throws EngineException {
    Random random = new Random(6);
    int[] noise = random.ints(W * H, -12, 13).toArray();
    int[] fused =
        fuse((x, y) -> y < 120 ? 250 : 100, (x, y) -> y < 120 ? 15 + noise[y * W + x] : 90);
    assertTrue(mean(fused, (x, y) -> y < 90) > 245);
  }

  @Test
  void hotThingEntering_doesNotChangeTheFarSide() throws EngineException {
    IntBinaryOperator visible = (x, y) -> 60 + (x * 7 + y * 3) % 40;
    int[] before = fuse(visible, (x, y) -> 80);
    int[] after = fuse(visible, (x, y) -> x < 30 && y < 60 ? 255 : 80);
    for (int y = 0; y < H; y++) {
      for (int x = W - 40; x < W; x++) {
        assertEquals(before[y * W + x], after[y * W + x], 1, "at " + x + "," + y);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"16,16", "17,33", "333,251", "641,479", "1280,720", "1919,1081"})
  void anySize_flatPictures_stayFlatToTheLastPixel(int width, int height) throws EngineException {
    int[] fused = fuse(width, height, (x, y) -> 90, (x, y) -> 70);
    for (int i = 0; i < fused.length; i++) {
      assertEquals(90, fused[i], 1, "pixel " + i);
    }
  }

  private int[] fuse(IntBinaryOperator visible, IntBinaryOperator infrared) throws EngineException {
    return fuse(W, H, visible, infrared);
  }

  private int[] fuse(int w, int h, IntBinaryOperator visible, IntBinaryOperator infrared)
      throws EngineException {
    ByteBuffer y = ByteBuffer.allocateDirect(w * h);
    ByteBuffer i = ByteBuffer.allocateDirect(w * h);
    ByteBuffer chroma = ByteBuffer.allocateDirect((w + 1) / 2 * ((h + 1) / 2));
    ByteBuffer out = ByteBuffer.allocateDirect(w * h);
    for (int p = 0; p < w * h; p++) {
      y.put(p, (byte) Math.max(0, visible.applyAsInt(p % w, p / w)));
      i.put(p, (byte) Math.max(0, infrared.applyAsInt(p % w, p / w)));
    }
    FusionBatch batch = new FusionBatch(1);
    batch.add(y, chroma, chroma, i, out, null);
    try (FusionEngine engine =
        new OrtProvider()
            .open(
                new ModelStore(cache).resolve(ModelStore.DETAIL_TRANSFER, w, h),
                new EngineOptions(w, h, 1, 1))) {
      engine.fuse(batch);
    }
    int[] fused = new int[w * h];
    for (int p = 0; p < w * h; p++) {
      fused[p] = out.get(p) & 0xFF;
    }
    return fused;
  }

  private interface Area {
    boolean has(int x, int y);
  }

  private static boolean body(int x, int y) {
    return near(x, y, 0);
  }

  private static boolean near(int x, int y, int margin) {
    return x >= LEFT - margin
        && x < LEFT + WIDE + margin
        && y >= TOP - margin
        && y < TOP + TALL + margin;
  }

  private static boolean inside(int x, int y) {
    return x >= 32 && x < W - 32 && y >= 32 && y < H - 32;
  }

  private static double mean(int[] picture, Area area) {
    long sum = 0;
    long count = 0;
    for (int p = 0; p < picture.length; p++) {
      if (area.has(p % W, p / W)) {
        sum += picture[p];
        count++;
      }
    }
    return (double) sum / count;
  }

  private static double deviation(int[] values) {
    double sum = 0;
    double squares = 0;
    for (int value : values) {
      sum += value;
      squares += (double) value * value;
    }
    double mean = sum / values.length;
    return Math.sqrt(squares / values.length - mean * mean);
  }
}
