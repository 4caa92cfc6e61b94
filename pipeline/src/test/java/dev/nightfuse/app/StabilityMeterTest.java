package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.function.IntBinaryOperator;
import org.junit.jupiter.api.Test;

/** What fused video does where nothing moves. */
final class StabilityMeterTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;
  private static final int FRAMES = 12;

  private final Random random = new Random(5);
  private final StabilityMeter meter = new StabilityMeter(WIDTH, HEIGHT);
  private final CommandRun out = new CommandRun();

  private byte[] noisy(int level, double deviation) {
    byte[] picture = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < picture.length; i++) {
      picture[i] = (byte) (level + Math.round(random.nextGaussian() * deviation));
    }
    return picture;
  }

  private double ratio(IntBinaryOperator fusion, int flicker) {
    StabilityMeter.Sum sum = meter.new Sum();
    for (int frame = 0; frame < FRAMES; frame++) {
      byte[] visible = noisy(60, 3);
      byte[] infrared = noisy(140, 2);
      meter.pair(visible, infrared);
      byte[] fused = new byte[visible.length];
      for (int i = 0; i < fused.length; i++) {
        fused[i] =
            (byte) (fusion.applyAsInt(visible[i] & 0xff, infrared[i] & 0xff) + frame % 2 * flicker);
      }
      sum.fused(fused);
    }
    return sum.ratio();
  }

  @Test
  void ratio_brighterPixelTaken_isOne() {
    assertEquals(1, ratio(Math::max, 0), 1e-9);
    assertEquals(1, meter.stillShare(), 1e-3);
  }

  @Test
  void ratio_mean_isLessBecauseNoiseCancels() {
    double ratio = ratio((v, t) -> (v + t + 1) / 2, 0);
    assertTrue(ratio > 0.6 && ratio < 0.85, "ratio " + ratio);
  }

  @Test
  void ratio_contrastDoubledOrPictureFlickering_isAboveOne() {
    assertTrue(ratio((v, t) -> Math.min(255, 2 * t - 140), 0) > 1.9);
    assertTrue(ratio(Math::max, 8) > 2);
  }

  @Test
  void stillShare_whatMoves_isLeftOut() {
    StabilityMeter.Sum sum = meter.new Sum();
    for (int frame = 0; frame < FRAMES; frame++) {
      byte[] visible = noisy(60, 1);
      byte[] infrared = noisy(140, 1);
      for (int y = 0; y < HEIGHT; y++) {
        for (int x = 0; x < 16; x++) {
          visible[y * WIDTH + (x + 16 * frame) % WIDTH] = (byte) 200;
        }
      }
      meter.pair(visible, infrared);
      // Fused shows the moving bar; it must not count.
      sum.fused(visible);
    }
    assertEquals(0.5, meter.stillShare(), 0.1);
    assertTrue(sum.ratio() < 1.1, "ratio " + sum.ratio());
  }

  private int run(String... args) {
    return out.run(new StabilityCommand(), args);
  }

  @Test
  void command_simulatedRig_givesARowForEachModelAndTheTrivialOnes() {
    String rig = "simulated:night?seed=2&size=320x224&frames=5";
    assertEquals(0, run(rig, rig, "--model", "detail-transfer"), out.toString());
    assertTrue(out.toString().contains("5 frames, "), out.toString());
    for (String row :
        new String[] {"detail-transfer ", "detail-transfer, as shown", "max", "average"}) {
      assertTrue(out.toString().contains("\n" + row), out.toString());
    }
  }

  @Test
  void command_mistakes_areExplained() {
    String rig = "simulated:night?seed=2&size=320x224&frames=1";
    assertEquals(ExitCode.NO_INPUT, run(rig, rig, "--model", "detail-transfer"));
    assertTrue(out.toString().contains("1 pairs of frames came"), out.toString());
    assertEquals(ExitCode.USAGE, run(rig, rig, "--model", "detail-transfer", "--frames", "1"));
    String visible = "simulated:night?size=320x224&frames=30";
    assertEquals(
        ExitCode.NO_INPUT, run(visible, visible + "&ir_fps=9", "--model", "detail-transfer"));
    assertTrue(out.toString().contains("both need the same rate"), out.toString());
  }
}
