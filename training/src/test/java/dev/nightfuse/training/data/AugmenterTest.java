package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.training.data.TrainingSample.Box;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** Crops and their variety. */
final class AugmenterTest {

  private static final TrainingSample SAMPLE = TestFolders.gradient("g", 160, 120);

  private static Augmentation only(double scale, double gamma, double shift, double invert) {
    return new Augmentation(64, 48, scale, scale, true, gamma, 1, 0, 0, 0, shift, invert, 0);
  }

  @Test
  void apply_sameSeed_sameCrop_andAnotherSeedAnother() {
    Augmenter augmenter = new Augmenter(Augmentation.usual(64, 48));
    TrainingSample first = augmenter.apply(SAMPLE, 3);
    TrainingSample again = new Augmenter(Augmentation.usual(64, 48)).apply(SAMPLE, 3);
    assertArrayEquals(first.visibleRgb(), again.visibleRgb());
    assertArrayEquals(first.infrared(), again.infrared());
    assertArrayEquals(first.labels(), again.labels());
    assertEquals(first.boxes(), again.boxes());
    assertFalse(Arrays.equals(first.infrared(), augmenter.apply(SAMPLE, 4).infrared()));
  }

  /** The sample's red is its column and its infrared too: they must stay together. */
  @Test
  void apply_geometryAlone_movesEverythingAlike() {
    for (double scale : new double[] {0.8, 1, 1.4}) {
      for (long seed = 0; seed < 20; seed++) {
        TrainingSample crop = new Augmenter(only(scale, 1, 0, 0)).apply(SAMPLE, seed);
        for (int i = 0; i < 64 * 48; i++) {
          int column = (crop.visibleRgb()[i] & 0xff) - 20;
          assertEquals(crop.visibleRgb()[i], crop.infrared()[i]);
          if (column % 16 > 0 && column % 16 < 15) {
            assertEquals(column / 16 % 2 == 0 ? 1 : 2, crop.labels()[i], "label at " + column);
          }
        }
        double step = 1 / scale;
        int width = 63;
        int left = crop.visibleRgb()[10 * 64] & 0xff;
        int right = crop.visibleRgb()[10 * 64 + width] & 0xff;
        assertEquals(step * width, Math.abs(right - left), 1.01);
        for (Box box : crop.boxes()) {
          // The box of the sample spans columns 16 to 32.
          int x = (int) ((box.left() + box.right()) / 2);
          int y = (int) ((box.top() + box.bottom()) / 2);
          int column = (crop.visibleRgb()[y * 64 + x] & 0xff) - 20;
          assertTrue(column >= 15 && column <= 32, "box at column " + column);
        }
      }
    }
  }

  @Test
  void apply_pictureSmallerThanTheCrop_isEnlargedToFillIt() {
    TrainingSample crop =
        new Augmenter(new Augmentation(200, 48, 1, 1, false, 1, 1, 0, 0, 0, 0, 0, 0.5))
            .apply(SAMPLE, 8);
    // Red is the column: 160 of them over 200 pixels, from the first to the last.
    assertEquals(20, crop.visibleRgb()[0] & 0xff, 1);
    assertEquals(179, crop.visibleRgb()[199] & 0xff, 1);
    for (byte label : crop.labels()) {
      assertTrue(label == 1 || label == 2, "nothing from beyond the edge");
    }
  }

  @Test
  void apply_focus_laysEveryCropAroundAnObject() {
    Augmentation plain = Augmentation.cropOnly(48, 32);
    int without = 0;
    for (long seed = 0; seed < 40; seed++) {
      TrainingSample crop = new Augmenter(plain.withFocus(1)).apply(SAMPLE, seed);
      assertFalse(crop.boxes().isEmpty(), "seed " + seed);
      assertEquals(0, unknown(crop), "the crop stays inside the picture");
      without += new Augmenter(plain).apply(SAMPLE, seed).boxes().isEmpty() ? 1 : 0;
    }
    assertTrue(without > 0, "crops that are laid anywhere miss the object sometimes");
  }

  private static long unknown(TrainingSample crop) {
    long unknown = 0;
    for (byte label : crop.labels()) {
      unknown += (label & 0xff) == TrainingSample.IGNORE ? 1 : 0;
    }
    return unknown;
  }

  @Test
  void apply_shift_movesInfraredBySoMuchAtMost() {
    double most = 0;
    for (long seed = 0; seed < 30; seed++) {
      TrainingSample crop = new Augmenter(only(1, 1, 3, 0)).apply(SAMPLE, seed);
      for (int i = 24 * 64 + 8; i < 24 * 64 + 56; i++) {
        most =
            Math.max(most, Math.abs((crop.visibleRgb()[i] & 0xff) - (crop.infrared()[i] & 0xff)));
      }
    }
    assertTrue(most > 1.5 && most <= 4, "greatest shift " + most);
  }

  @Test
  void apply_lightAndPolarity_keepTheOrderOfLevelsOrTurnIt() {
    TrainingSample crop =
        new Augmenter(new Augmentation(64, 48, 1, 1, false, 1.5, 1.3, 20, 0, 0, 0, 1, 0))
            .apply(SAMPLE, 11);
    assertTrue((crop.visibleRgb()[63] & 0xff) > (crop.visibleRgb()[0] & 0xff));
    assertTrue((crop.infrared()[63] & 0xff) < (crop.infrared()[0] & 0xff), "black-hot");
  }

  @Test
  void apply_noise_hasTheDeviationAskedFor() {
    byte[] grey = new byte[160 * 120];
    Arrays.fill(grey, (byte) 128);
    byte[] curve = new byte[256];
    for (int i = 0; i < 256; i++) {
      curve[i] = (byte) i;
    }
    new NoiseTable().add(grey, curve, 5, 77);
    double sum = 0;
    double squares = 0;
    for (byte level : grey) {
      sum += (level & 0xff) - 128;
      squares += Math.pow((level & 0xff) - 128, 2);
    }
    assertEquals(0, sum / grey.length, 0.15);
    assertEquals(5, Math.sqrt(squares / grey.length), 0.15);
  }

  @Test
  void masks_leaveEveryPatchInOneModality_withManyRatios() {
    double least = 1;
    double most = 0;
    for (long seed = 0; seed < 200; seed++) {
      PatchMasks masks = PatchMasks.of(seed, 256, 256);
      assertEquals(8, masks.columns());
      int left = 0;
      for (int i = 0; i < 64; i++) {
        assertTrue(masks.visible()[i] || masks.infrared()[i]);
        left += masks.visible()[i] ? 1 : 0;
      }
      least = Math.min(least, left / 64.0);
      most = Math.max(most, left / 64.0);
      assertArrayEquals(masks.visible(), PatchMasks.of(seed, 256, 256).visible());
    }
    assertTrue(least < 0.15 && most > 0.85, least + " to " + most);
    boolean[] left = {true, false, false, true};
    float[] hidden = PatchMasks.hidden(left, 2, 64, 48);
    assertEquals(0, hidden[0]);
    assertEquals(1, hidden[33]);
    assertEquals(1, hidden[40 * 64]);
    assertEquals(0, hidden[40 * 64 + 63]);
  }
}
