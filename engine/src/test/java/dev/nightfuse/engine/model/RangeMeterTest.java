package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.onnx.ActivationRanges;
import java.nio.FloatBuffer;
import org.junit.jupiter.api.Test;

final class RangeMeterTest {

  private final RangeMeter meter = new RangeMeter();

  @Test
  void best_fewNumbersOfMuchWeight_keepsThemAll() {
    meter.add(FloatBuffer.wrap(new float[] {0.001f, -4, 8}));
    assertEquals(new ActivationRanges.Range(-4, 8), meter.best());
  }

  @Test
  void best_evenNumbers_keepsTheWholeRange() {
    meter.add(even(100_000));
    assertEquals(1, meter.best().high(), 0.03);
    assertEquals(0, meter.best().low());
  }

  /**
   * A step for 2 has the error (2 / 255)^2 / 12 = 5e-6 everywhere, without the 2 it is 1e-6 + 1e-6.
   */
  @Test
  void best_oneFarNumberOfAMillion_isCutOff() {
    meter.add(even(1_000_000));
    meter.add(FloatBuffer.wrap(new float[] {2}));
    float high = meter.best().high();
    assertTrue(high > 0.9 && high < 1.3, "high " + high);
  }

  @Test
  void best_nothingButZero_isARangeAllTheSame() {
    meter.add(FloatBuffer.wrap(new float[8]));
    assertEquals(new ActivationRanges.Range(0, 0), meter.best());
  }

  @Test
  void add_noNumber_isRefused() {
    FloatBuffer numbers = FloatBuffer.wrap(new float[] {1, Float.NaN});
    assertThrows(IllegalArgumentException.class, () -> meter.add(numbers));
  }

  private static FloatBuffer even(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (i + 0.5f) / count;
    }
    return FloatBuffer.wrap(numbers);
  }
}
