package dev.nightfuse.training.teacher;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.torch.Natives;
import dev.nightfuse.training.torch.TorchDevice;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

final class ThermalStatisticsTest {

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  /** One of the night and one of the day: neither changes what becomes of the other. */
  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void raw_ofABatch_hasMeanAndDeviationOfRawFramesOfItsTimeOfDay() {
    try (PointerScope scope = new PointerScope()) {
      float[] raw = TorchDevice.floats(ThermalStatistics.raw(visible(30, 150), infrared(2)));
      assertStatistics(61.6, 9.9, Arrays.copyOf(raw, 64));
      assertStatistics(69.7, 29.4, Arrays.copyOfRange(raw, 64, 128));
    }
  }

  @Test
  @SuppressWarnings("try") // The scope is there to be closed.
  void raw_nameThatTells_countsMoreThanTheBrightness() {
    try (PointerScope scope = new PointerScope()) {
      Tensor bright = visible(150);
      Tensor infrared = infrared(1);
      assertStatistics(
          61.6, 9.9, TorchDevice.floats(ThermalStatistics.raw("7N", bright, infrared)));
      assertStatistics(
          69.7, 29.4, TorchDevice.floats(ThermalStatistics.raw("pair", bright, infrared)));
    }
  }

  private static Tensor visible(int... levels) {
    byte[] pictures = new byte[levels.length * 3 * 64];
    for (int i = 0; i < pictures.length; i++) {
      pictures[i] = (byte) levels[i / (3 * 64)];
    }
    return TorchDevice.CPU.unit(pictures, Shape.of(levels.length, 3, 8, 8));
  }

  private static Tensor infrared(int count) {
    byte[] pictures = new byte[count * 64];
    new Random(5).nextBytes(pictures);
    return TorchDevice.CPU.unit(pictures, Shape.of(count, 1, 8, 8));
  }

  private static void assertStatistics(double mean, double deviation, float[] picture) {
    double sum = 0;
    double squares = 0;
    for (float value : picture) {
      sum += value * 255;
      squares += value * 255 * value * 255;
    }
    double found = sum / picture.length;
    assertEquals(mean, found, 0.01);
    assertEquals(deviation, Math.sqrt(squares / picture.length - found * found), 0.01);
  }
}
