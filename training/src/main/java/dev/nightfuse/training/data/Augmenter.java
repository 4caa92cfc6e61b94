package dev.nightfuse.training.data;

import dev.nightfuse.training.data.TrainingSample.Box;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a varied crop out of a pair: a pure function of the pair and a seed. Immutable; safe for
 * several threads.
 *
 * <p>Levels are taken between pixels, labels from the nearest one. A picture that is smaller than
 * the crop is enlarged until it fills it: what is measured of a fused picture would be measured of
 * its repeated edges, too. Visible and infrared are lit and blurred each by its own dice; labels
 * and boxes follow visible.
 */
public final class Augmenter {

  /** A box counts while this share of it is left in the crop. */
  private static final double LEFT = 0.25;

  private final Augmentation settings;
  private final NoiseTable noise = new NoiseTable();

  public Augmenter(Augmentation settings) {
    this.settings = settings;
  }

  public TrainingSample apply(TrainingSample sample, long seed) {
    Dice dice = new Dice(seed);
    double step = Math.min(1 / dice.ratio(settings.scaleLow(), settings.scaleHigh()), most(sample));
    double width = settings.widthPx() * step;
    double height = settings.heightPx() * step;
    double left = start(dice, sample.widthPx(), width);
    double top = start(dice, sample.heightPx(), height);
    Box object = object(sample, dice);
    if (object != null) {
      left = around(dice, object.left(), object.right(), sample.widthPx(), width);
      top = around(dice, object.top(), object.bottom(), sample.heightPx(), height);
    }
    boolean mirrored = settings.flip() && dice.chance(0.5);
    double shiftX = dice.between(-settings.shiftPx(), settings.shiftPx());
    double shiftY = dice.between(-settings.shiftPx(), settings.shiftPx());
    Dice visibleDice = new Dice(dice.bits());
    Dice infraredDice = new Dice(dice.bits());

    CropAxis x = new CropAxis(sample.widthPx(), settings.widthPx(), left, step, mirrored);
    CropAxis y = new CropAxis(sample.heightPx(), settings.heightPx(), top, step, false);
    int pixels = x.size() * y.size();
    byte[] rgb = new byte[3 * pixels];
    for (int c = 0; c < 3; c++) {
      Resampler.levels(
          sample.visibleRgb(),
          c * sample.widthPx() * sample.heightPx(),
          x,
          y,
          sample.widthPx(),
          rgb,
          c * pixels);
    }
    CropAxis shiftedX =
        new CropAxis(sample.widthPx(), settings.widthPx(), left + shiftX, step, mirrored);
    CropAxis shiftedY =
        new CropAxis(sample.heightPx(), settings.heightPx(), top + shiftY, step, false);
    byte[] infrared = new byte[pixels];
    Resampler.levels(sample.infrared(), 0, shiftedX, shiftedY, sample.widthPx(), infrared, 0);

    boolean inverted = infraredDice.chance(settings.invert());
    boolean blurVisible = dice.chance(0.5);
    if (dice.chance(settings.blur())) {
      blur(blurVisible ? rgb : infrared, x.size(), y.size());
    }
    light(rgb, visibleDice, false);
    light(infrared, infraredDice, inverted);
    return new TrainingSample(
        sample.name(),
        x.size(),
        y.size(),
        rgb,
        infrared,
        sample.labels() == null ? null : Resampler.labels(sample.labels(), x, y, sample.widthPx()),
        sample.boxes() == null ? null : boxes(sample.boxes(), x, y));
  }

  /** Pixels of the picture by one of the crop, when the crop just fits into the picture. */
  private double most(TrainingSample sample) {
    return Math.min(
        (double) sample.widthPx() / settings.widthPx(),
        (double) sample.heightPx() / settings.heightPx());
  }

  /** Where the crop starts, anywhere inside. */
  private static double start(Dice dice, int size, double wanted) {
    return dice.between(0, size - wanted);
  }

  /** Any object of any class that is there, each class as likely as the others; null for none. */
  private @Nullable Box object(TrainingSample sample, Dice dice) {
    List<Box> boxes = sample.boxes();
    if (boxes == null || boxes.isEmpty() || !dice.chance(settings.focus())) {
      return null;
    }
    int[] classes = boxes.stream().mapToInt(Box::label).distinct().sorted().toArray();
    int chosen = classes[dice.below(classes.length)];
    List<Box> alike = boxes.stream().filter(box -> box.label() == chosen).toList();
    return alike.get(dice.below(alike.size()));
  }

  /** Where a crop starts that has the object's middle in its inner half, as far as can be. */
  private static double around(Dice dice, double from, double to, int size, double wanted) {
    double start = (from + to) / 2 - dice.between(0.25, 0.75) * wanted;
    return Math.max(0, Math.min(size - wanted, start));
  }

  private static void blur(byte[] planes, int width, int height) {
    int pixels = width * height;
    for (int from = 0; from < planes.length; from += pixels) {
      Resampler.smooth(planes, from, width, height);
    }
  }

  private void light(byte[] planes, Dice dice, boolean inverted) {
    double gamma = dice.ratio(1 / settings.gamma(), settings.gamma());
    double gain = dice.ratio(1 / settings.contrast(), settings.contrast());
    double shift = dice.between(-settings.brightness(), settings.brightness());
    double deviation = dice.between(0, settings.noise());
    int start = dice.below(NoiseTable.LENGTH);
    int mean = mean(planes);
    byte[] curve = new byte[256];
    for (int level = 0; level < 256; level++) {
      double toned = 255 * Math.pow(level / 255.0, gamma);
      double middle = 255 * Math.pow(mean / 255.0, gamma);
      double lit = middle + gain * (toned - middle) + shift;
      int result = (int) Math.round(Math.max(0, Math.min(255, lit)));
      curve[level] = (byte) (inverted ? 255 - result : result);
    }
    if (deviation < 0.5) {
      for (int i = 0; i < planes.length; i++) {
        planes[i] = curve[planes[i] & 0xff];
      }
    } else {
      noise.add(planes, curve, deviation, start);
    }
  }

  private static int mean(byte[] planes) {
    long sum = 0;
    for (byte level : planes) {
      sum += level & 0xff;
    }
    return (int) (sum / planes.length);
  }

  private static List<Box> boxes(List<Box> boxes, CropAxis x, CropAxis y) {
    List<Box> kept = new ArrayList<>();
    for (Box box : boxes) {
      double[] across = x.interval(box.left(), box.right());
      double[] down = y.interval(box.top(), box.bottom());
      double whole = (across[1] - across[0]) * (down[1] - down[0]);
      clip(across, x.size());
      clip(down, y.size());
      double width = across[1] - across[0];
      double height = down[1] - down[0];
      if (width > 0 && height > 0 && width * height >= LEFT * whole) {
        kept.add(new Box(box.label(), across[0], down[0], across[1], down[1]));
      }
    }
    return kept;
  }

  private static void clip(double[] interval, int size) {
    Arrays.setAll(interval, i -> Math.max(0, Math.min(size, interval[i])));
  }
}
