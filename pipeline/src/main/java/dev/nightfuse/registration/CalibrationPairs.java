package dev.nightfuse.registration;

import java.util.ArrayList;
import java.util.List;

/** The pairs that a calibration is made from, and what they show when made smaller. */
final class CalibrationPairs {

  final int infraredWidth;
  final int infraredHeight;
  final int visibleWidth;
  final int visibleHeight;

  /** Visible pictures are kept smaller by this, which is all that is ever looked at. */
  private final int base;

  private final List<GrayPlane> visibles = new ArrayList<>();
  private final List<GrayPlane> infrareds = new ArrayList<>();

  CalibrationPairs(
      int infraredWidth, int infraredHeight, int visibleWidth, int visibleHeight, int finestPx) {
    this.infraredWidth = infraredWidth;
    this.infraredHeight = infraredHeight;
    this.visibleWidth = visibleWidth;
    this.visibleHeight = visibleHeight;
    this.base = Math.max(1, Math.round((float) visibleWidth / finestPx));
  }

  void add(AutoCalibration.Pair pair) {
    visibles.add(plane(pair.visible(), visibleWidth, visibleHeight).reduced(base));
    infrareds.add(plane(pair.infrared(), infraredWidth, infraredHeight));
  }

  private static GrayPlane plane(byte[] levels, int width, int height) {
    float[] values = new float[width * height];
    for (int i = 0; i < values.length; i++) {
      values[i] = levels[i] & 0xff;
    }
    return new GrayPlane(width, height, values);
  }

  int count() {
    return visibles.size();
  }

  GrayPlane infrared(int pair) {
    return infrareds.get(pair);
  }

  /** The visible picture at about this width, and the infrared one laid onto it. */
  Level level(int widthPx) {
    int keptWidth = visibleWidth / base;
    return new Level(Math.max(1, Math.round((float) keptWidth / widthPx)));
  }

  /** Both at the size of the visible picture made smaller. */
  final class Level {
    final int width;
    final int height;

    /** From pixels of this level to pixels of the visible picture. */
    final Matrix3 toVisible;

    /** Over {@link #base}. */
    private final int factor;

    private Level(int factor) {
      this.factor = factor;
      this.width = visibleWidth / base / factor;
      this.height = visibleHeight / base / factor;
      this.toVisible = Matrix3.scaling(base * factor, base * factor);
    }

    int pairs() {
      return count();
    }

    EdgeField visible(int pair) {
      return EdgeField.of(visibles.get(pair).reduced(factor).levels(), width, height);
    }

    EdgeField infrared(int pair, Calibration calibration) {
      return infrared(pair, calibration, reduction(calibration));
    }

    /** What the infrared picture has to be made smaller by, not to be finer than this level. */
    int reduction(Calibration calibration) {
      return Math.max(1, (int) Math.round(density(projection(calibration, 1))));
    }

    EdgeField infrared(int pair, Calibration calibration, int reduce) {
      float[] seen =
          infrareds
              .get(pair)
              .reduced(reduce)
              .seenThrough(projection(calibration, reduce), width, height);
      return EdgeField.of(seen, width, height);
    }

    /** From pixels of this level to those of infrared pictures made smaller. */
    Projection projection(Calibration calibration, int infraredFactor) {
      return new Projection(calibration, base * factor, infraredFactor);
    }

    /** Infrared pixels per pixel in the middle. */
    private double density(Projection projection) {
      projection.map(width / 2.0, height / 2.0);
      double left = projection.x();
      projection.map(width / 2.0 + 1, height / 2.0);
      return projection.x() - left;
    }
  }
}
