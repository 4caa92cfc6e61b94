package dev.nightfuse.training.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Objects that go from one sample of a batch to another. */
final class ObjectPasteTest {

  private static final int SIDE = 32;
  private static final int PIXELS = SIDE * SIDE;

  /** All of one level, with rows of a class at the top and of another below them. */
  private static TrainingSample sample(int level, int top, int rows, int below, int more) {
    byte[] rgb = new byte[3 * PIXELS];
    byte[] infrared = new byte[PIXELS];
    byte[] labels = new byte[PIXELS];
    for (int plane = 0; plane < 3; plane++) {
      Arrays.fill(rgb, plane * PIXELS, (plane + 1) * PIXELS, (byte) (level + plane));
    }
    Arrays.fill(infrared, (byte) (level + 3));
    Arrays.fill(labels, 0, rows * SIDE, (byte) top);
    Arrays.fill(labels, rows * SIDE, (rows + more) * SIDE, (byte) below);
    return new TrainingSample("of " + level, SIDE, SIDE, rgb, infrared, labels, List.of());
  }

  private static List<Long> seeds(int size) {
    return LongStream.range(0, size).boxed().toList();
  }

  private static final TrainingSample STREET = sample(10, 1, 20, 0, 0);

  @Test
  void apply_share0_isTheSameSamples() {
    List<TrainingSample> batch = List.of(STREET, sample(100, 3, 8, 2, 2));
    List<TrainingSample> result = ObjectPaste.NONE.apply(batch, seeds(2));
    assertSame(batch.get(0), result.get(0));
    assertSame(batch.get(1), result.get(1));
  }

  @Test
  void apply_bicycle_comesWithItsRiderInEveryPlaneAndNothingElseChanges() {
    TrainingSample donor = sample(100, 3, 8, 2, 2);
    TrainingSample pasted = new ObjectPaste(1, 0).apply(List.of(STREET, donor), seeds(2)).get(0);
    for (int i = 0; i < PIXELS; i++) {
      TrainingSample from = i < 10 * SIDE ? donor : STREET;
      for (int plane = 0; plane < 3; plane++) {
        int at = plane * PIXELS + i;
        assertEquals(from.visibleRgb()[at], pasted.visibleRgb()[at], "visible at " + at);
      }
      assertEquals(from.infrared()[i], pasted.infrared()[i], "infrared at " + i);
      assertEquals(from.labels()[i], pasted.labels()[i], "label at " + i);
    }
    assertEquals(STREET.name(), pasted.name());
    assertEquals(10, STREET.visibleRgb()[0], "the sample itself is as it was");
  }

  @Test
  void apply_samplesBeforeTheFirst_stayPhotographs() {
    TrainingSample donor = sample(100, 3, 8, 0, 0);
    List<TrainingSample> batch = List.of(STREET, donor, STREET);
    List<TrainingSample> result = new ObjectPaste(1, 2).apply(batch, seeds(3));
    assertSame(batch.get(0), result.get(0));
    assertSame(batch.get(1), result.get(1));
    assertNotSame(batch.get(2), result.get(2));
    assertEquals(batch, new ObjectPaste(1, 3).apply(batch, seeds(3)));
  }

  @Test
  void apply_crumbsCarsBackgroundAndUnknown_areNotGivenAway() {
    TrainingSample crumbs = sample(100, 3, 6, 255, 20);
    TrainingSample cars = sample(150, 1, 30, 0, 0);
    List<TrainingSample> batch = List.of(STREET, crumbs, cars);
    assertEquals(batch, new ObjectPaste(1, 0).apply(batch, seeds(3)));
  }

  @Test
  void apply_withoutLabels_neitherGivesNorReceives() {
    TrainingSample plain =
        new TrainingSample("plain", SIDE, SIDE, STREET.visibleRgb(), STREET.infrared(), null, null);
    List<TrainingSample> batch = List.of(plain, sample(100, 3, 8, 0, 0));
    assertEquals(batch, new ObjectPaste(1, 0).apply(batch, seeds(2)));
  }

  @Test
  void apply_manyBatches_keepTheShareAndPreferBicyclesAndRepeat() {
    TrainingSample bike = sample(100, 3, 8, 0, 0);
    TrainingSample cone = sample(150, 7, 8, 0, 0);
    List<TrainingSample> batch = List.of(bike, cone, STREET);
    ObjectPaste paste = new ObjectPaste(0.5, 2);
    int bikes = 0;
    int cones = 0;
    for (long seed = 0; seed < 1000; seed++) {
      List<Long> seeds = List.of(0L, 0L, seed);
      TrainingSample result = paste.apply(batch, seeds).get(2);
      bikes += result.labels()[0] == 3 ? 1 : 0;
      cones += result.labels()[0] == 7 ? 1 : 0;
      assertArrayEquals(result.visibleRgb(), paste.apply(batch, seeds).get(2).visibleRgb());
    }
    assertEquals(400, bikes, 50);
    assertEquals(100, cones, 30);
  }

  @Test
  void apply_twoBicycles_areChangedForThoseTheyWereLoadedWith() {
    TrainingSample one = sample(100, 3, 8, 0, 0);
    TrainingSample other = sample(150, 0, 20, 3, 8);
    List<TrainingSample> result = new ObjectPaste(1, 0).apply(List.of(one, other), seeds(2));
    assertEquals(153, result.get(0).infrared()[20 * SIDE] & 0xff);
    assertEquals(103, result.get(1).infrared()[0]);
  }

  @Test
  void constructor_shareOutside0To1_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> new ObjectPaste(1.5, 0));
    assertThrows(IllegalArgumentException.class, () -> new ObjectPaste(Double.NaN, 0));
    assertThrows(IllegalArgumentException.class, () -> new ObjectPaste(1, -1));
  }
}
