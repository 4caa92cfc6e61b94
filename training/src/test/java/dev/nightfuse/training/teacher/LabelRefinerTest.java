package dev.nightfuse.training.teacher;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.data.TrainingSample.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Label maps from boxes and a teacher, where the truth is known. */
final class LabelRefinerTest {

  private static final int WIDTH = 160;
  private static final int HEIGHT = 120;

  @TempDir private Path folder;

  /** A warm upright body in a cool noisy street: an ellipse with a thin lower half. */
  private static boolean body(int x, int y) {
    double dy = (y - 60) / 40.0;
    double half = dy < 0 ? 12 : 6;
    return Math.abs(dy) < 1 && Math.abs(x - 80) < half * Math.sqrt(1 - dy * dy);
  }

  private static TrainingSample street(@Nullable List<Box> boxes) {
    Random random = new Random(3);
    byte[] rgb = new byte[3 * WIDTH * HEIGHT];
    byte[] infrared = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < infrared.length; i++) {
      boolean on = body(i % WIDTH, i / WIDTH);
      infrared[i] = (byte) ((on ? 150 : 90) + random.nextGaussian() * 20);
      for (int c = 0; c < 3; c++) {
        rgb[c * infrared.length + i] = (byte) (30 + random.nextGaussian() * 8);
      }
    }
    return new TrainingSample("street", WIDTH, HEIGHT, rgb, infrared, null, boxes);
  }

  /** The same pair so many times. */
  private record Same(int size, TrainingSample sample) implements PairDataset {
    @Override
    public String name(int index) {
      return sample.name();
    }

    @Override
    public TrainingSample load(int index) {
      return sample;
    }
  }

  private static LabelRefiner refiner() {
    return new LabelRefiner(new ShapePrior(new Same(0, street(null)), 9), 9);
  }

  /** A teacher that says one class of a square at the left, and nothing elsewhere. */
  private static SoftLabels teacher(int label, double certainty) {
    float[] p = new float[9 * WIDTH * HEIGHT];
    for (int i = 0; i < WIDTH * HEIGHT; i++) {
      boolean square = i % WIDTH < 20 && i / WIDTH < 20;
      p[i] = square ? (float) (1 - certainty) : 1;
      p[label * WIDTH * HEIGHT + i] += square ? (float) certainty : 0;
    }
    return SoftLabels.halved(p, 9, WIDTH, HEIGHT);
  }

  @Test
  void refine_bodyInItsBox_isFoundByItsWarmth() {
    Box box = new Box(2, 66, 18, 94, 102);
    byte[] labels = refiner().refine(street(List.of(box)), teacher(7, 0));
    int both = 0;
    int either = 0;
    for (int i = 0; i < labels.length; i++) {
      boolean truth = body(i % WIDTH, i / WIDTH);
      boolean found = labels[i] == 2;
      both += truth && found ? 1 : 0;
      either += truth || found ? 1 : 0;
      assertTrue(!found || (i % WIDTH >= 66 && i % WIDTH < 94), "outside of the box");
    }
    assertTrue(both > 0.85 * either, "overlap " + (double) both / either);
  }

  @Test
  void refine_outsideOfBoxes_theTeacherCountsWhereItIsSure() {
    List<Box> box = List.of(new Box(2, 66, 18, 94, 102));
    assertEquals(2, corner(box, 2, 0.9));
    assertEquals(255, corner(box, 2, 0.75), "people are believed late");
    assertEquals(3, corner(box, 3, 0.75));
    assertEquals(255, corner(box, 3, 0.5));
    assertEquals(0, corner(box, 3, 0.3));
    assertEquals(7, corner(box, 7, 0.9));
    assertEquals(255, corner(box, 7, 0.4));
    assertEquals(0, corner(box, 7, 0.1));
  }

  @Test
  void refine_carThatNobodyBoxed_countsWhereNobodyBoxedAnything() {
    assertEquals(255, corner(List.of(new Box(2, 66, 18, 94, 102)), 1, 0.9));
    assertEquals(1, corner(List.of(), 1, 0.9));
  }

  @Test
  void refine_insideABox_riderStaysOnTheBikeAndACarHidesAll() {
    Box bike = new Box(3, 0, 0, 20, 20);
    assertEquals(2, corner(List.of(bike), 2, 0.95));
    assertEquals(3, corner(List.of(bike), 2, 0));
    assertEquals(1, corner(List.of(new Box(1, 0, 0, 20, 20)), 3, 0.95));
  }

  @Test
  void refine_nearCarThatTheEdgeCuts_whatTheTeacherDeniesIsUnknown() {
    Box cut = new Box(1, 0, 0, 90, 100);
    byte[] labels = refiner().refine(street(List.of(cut)), teacher(1, 0.9));
    assertEquals(1, labels[10 * WIDTH + 10], "the teacher says so");
    assertEquals(255, labels[50 * WIDTH + 10] & 0xff, "it does not");
    Box whole = new Box(1, 10, 10, 90, 100);
    byte[] usual = refiner().refine(street(List.of(whole)), teacher(1, 0.9));
    assertEquals(1, usual[55 * WIDTH + 50], "boxes with a shape need no teacher");
  }

  /** What becomes of a pixel in the teacher's square. */
  private static int corner(List<Box> boxes, int label, double certainty) {
    return refiner().refine(street(boxes), teacher(label, certainty))[10 * WIDTH + 10] & 0xff;
  }

  @Test
  void refine_personBeforeACar_isDrawnOverIt() {
    List<Box> boxes = List.of(new Box(2, 66, 18, 94, 102), new Box(1, 40, 30, 120, 100));
    byte[] labels = refiner().refine(street(boxes), teacher(7, 0));
    assertEquals(2, labels[50 * WIDTH + 80]);
    long car = 0;
    for (byte label : labels) {
      car += label == 1 ? 1 : 0;
    }
    assertTrue(car > 500, "car pixels: " + car);
  }

  @Test
  void refine_withoutBoxes_isRefused() {
    TrainingSample street = street(null);
    assertThrows(IllegalArgumentException.class, () -> refiner().refine(street, teacher(7, 0)));
  }

  @Test
  void prior_learntFromMaps_hasTheirShape() {
    TrainingSample plain = street(List.of(new Box(2, 66, 18, 94, 102)));
    byte[] labels = new byte[WIDTH * HEIGHT];
    for (int i = 0; i < labels.length; i++) {
      labels[i] = (byte) (body(i % WIDTH, i / WIDTH) ? 2 : 0);
    }
    TrainingSample sample =
        new TrainingSample(
            "s", WIDTH, HEIGHT, plain.visibleRgb(), plain.infrared(), labels, plain.boxes());
    ShapePrior prior = new ShapePrior(new Same(10, sample), 9);
    assertEquals(1, prior.at(2, 0.5, 0.4), 1e-9);
    assertEquals(0, prior.at(2, 0.2, 0.8), 1e-9, "thin legs");
    assertEquals(0, prior.at(2, 1.1, 0.4));
    assertTrue(prior.at(1, 0.2, 0.5) > 0.5, "a class nobody showed is round");
  }

  @Test
  void softLabels_writtenAndRead_areTheSame() throws Exception {
    SoftLabels made = teacher(7, 0.4);
    Path file = folder.resolve("a.png");
    assertNull(SoftLabels.read(file, 9));
    made.write(file);
    SoftLabels read = SoftLabels.read(file, 9);
    assertArrayEquals(made.levels(), read.levels());
    assertEquals(0.4, read.at(7, 5, 5), 0.003);
    assertEquals(0, read.likeliest(WIDTH, HEIGHT)[5 * WIDTH + 5]);
    assertEquals(7, teacher(7, 0.6).likeliest(WIDTH, HEIGHT)[5 * WIDTH + 5]);
    assertThrows(IOException.class, () -> SoftLabels.read(file, 7));
    assertTrue(Files.size(file) < 20_000);
  }
}
