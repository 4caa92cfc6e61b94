package dev.nightfuse.training.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.Natives;
import dev.nightfuse.training.torch.TorchDevice;
import java.util.Arrays;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
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
  void raw_ofABatch_isThatOfEachPair() {
    byte[] visible = new byte[2 * 3 * 64];
    byte[] infrared = new byte[2 * 64];
    new Random(5).nextBytes(infrared);
    Arrays.fill(visible, 0, 3 * 64, (byte) 30);
    Arrays.fill(visible, 3 * 64, 2 * 3 * 64, (byte) 150);
    float[] expected = new float[2 * 64];
    for (int n = 0; n < 2; n++) {
      TrainingSample pair =
          new TrainingSample(
              "pair",
              8,
              8,
              Arrays.copyOfRange(visible, n * 3 * 64, (n + 1) * 3 * 64),
              Arrays.copyOfRange(infrared, n * 64, (n + 1) * 64),
              null,
              null);
      System.arraycopy(ThermalStatistics.raw(pair), 0, expected, n * 64, 64);
    }
    try (PointerScope scope = new PointerScope()) {
      TorchDevice cpu = TorchDevice.CPU;
      assertArrayEquals(
          expected,
          TorchDevice.floats(
              ThermalStatistics.raw(
                  cpu.unit(visible, Shape.of(2, 3, 8, 8)),
                  cpu.unit(infrared, Shape.of(2, 1, 8, 8)))),
          1e-5f);
    }
  }
}
