package dev.nightfuse.registration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds how a rig's infrared pictures lie on its visible ones from what both show: no target, only
 * pairs of the same moments with edges that both cameras see. The cameras point the same way and
 * have square pixels; neither lens may distort much.
 *
 * <p>First the scale and the shift are looked for at which the {@link EdgeField}s of all pairs
 * agree best, coarsely. Then, from coarse to fine, each block of the picture gets a map of how well
 * it agrees at every small move, and the homography is climbed to at which the sum of all maps is
 * greatest. So a block with one straight edge says what it knows, and blocks that show things at
 * another distance than the rest are outvoted.
 *
 * <p>Off the live path, one thread, seconds.
 */
public final class AutoCalibration {

  private static final int SMALLEST_PX = 80;

  /** Width of the visible picture in the first, coarse search. */
  private static final int COARSE_PX = 80;

  /** Of shifts there; what is left is well within the reach of the next search. */
  private static final int STEP_PX = 2;

  private static final double SMALLEST_SHARE = 0.35;
  private static final double LARGEST_SHARE = 2.6;
  private static final double SCALE_STEP = 1.05;

  /** The cameras point the same way: their centres are within this share of the picture. */
  private static final double FARTHEST = 0.3;

  /** More pairs than that do not make the coarse search surer, only slower. */
  private static final int COARSE_PAIRS = 16;

  /** Width of the visible picture, from coarse to fine, with the blocks and moves in its pixels. */
  private static final int[] LEVELS_PX = {160, 320, 640};

  private static final int[] BLOCKS_PX = {24, 32, 48};
  private static final int[] REACH_PX = {6, 5, 4};
  private static final int FINEST = LEVELS_PX.length - 1;
  private static final int ROUNDS = 3;

  /** Rounds end when no corner moves farther, in pixels of the level. */
  private static final double SETTLED_PX = 0.1;

  /**
   * Pictures of one moment, 8 bits, rows tight.
   *
   * @param visible luma
   */
  public record Pair(byte[] visible, byte[] infrared) {}

  /**
   * @param calibration for the pictures' own sizes
   * @param agreement of edges, 0 to 1, as the pictures lie then
   * @param before the same as they lie when both are taken for the same field of view
   * @param telling parts of the picture with edges of both cameras
   * @param agreeing those of them that lie nearly as they would alone
   */
  public record Found(
      Calibration calibration, double agreement, double before, int telling, int agreeing) {

    /**
     * Whether enough agrees to rely on it. Pictures that have nothing to do with each other are
     * found to agree to 0.04 at most, pairs of real cameras to 0.15 and more.
     */
    public boolean reliable() {
      return agreement >= 0.1 && 2 * agreeing >= telling;
    }
  }

  private final int infraredWidth;
  private final int infraredHeight;
  private final int visibleWidth;
  private final int visibleHeight;

  /** Visible pictures are kept smaller by this, which is all that is ever looked at. */
  private final int base;

  private final List<GrayPlane> visibles = new ArrayList<>();
  private final List<GrayPlane> infrareds = new ArrayList<>();

  /**
   * All pairs have these sizes.
   *
   * @throws IllegalArgumentException when they are too small to show anything
   */
  public AutoCalibration(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx) {
    if (Math.min(infraredWidthPx, infraredHeightPx) < SMALLEST_PX
        || Math.min(visibleWidthPx, visibleHeightPx) < SMALLEST_PX) {
      throw new IllegalArgumentException(
          "thermal %dx%d onto visible %dx%d: no side may be smaller than %d pixels"
              .formatted(
                  infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx, SMALLEST_PX));
    }
    this.infraredWidth = infraredWidthPx;
    this.infraredHeight = infraredHeightPx;
    this.visibleWidth = visibleWidthPx;
    this.visibleHeight = visibleHeightPx;
    this.base = Math.max(1, Math.round((float) visibleWidthPx / LEVELS_PX[FINEST]));
  }

  public void add(Pair pair) {
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

  /** Of all pairs that were added; at least one. */
  public Found find() {
    Matrix3 homography = coarse();
    for (int i = 0; i < LEVELS_PX.length; i++) {
      Level level = new Level(LEVELS_PX[i]);
      double movedPx = Double.MAX_VALUE;
      for (int round = 0; round < ROUNDS && movedPx > SETTLED_PX; round++) {
        Blocks blocks = new Blocks(level, homography, BLOCKS_PX[i], REACH_PX[i]);
        blocks.climb();
        Matrix3 correction = blocks.correction();
        movedPx = level.farthest(correction);
        homography =
            level.toVisible.times(correction).times(level.toVisible.inverse()).times(homography);
      }
    }
    Blocks blocks =
        new Blocks(new Level(LEVELS_PX[FINEST]), homography, BLOCKS_PX[FINEST], REACH_PX[FINEST]);
    Calibration same =
        Calibration.scaling(infraredWidth, infraredHeight, visibleWidth, visibleHeight);
    return new Found(
        new Calibration(
            infraredWidth,
            infraredHeight,
            visibleWidth,
            visibleHeight,
            homography.normalised().toList(),
            null,
            null),
        agreement(homography),
        agreement(Matrix3.of(same.infraredToVisible())),
        blocks.telling(),
        blocks.agreeing());
  }

  /** The visible picture made smaller, and the infrared one laid onto it. */
  private final class Level {
    final int factor;
    final int width;
    final int height;

    /** From pixels of this level to pixels of the visible picture. */
    final Matrix3 toVisible;

    Level(int widthPx) {
      int keptWidth = visibleWidth / base;
      factor = Math.max(1, Math.round((float) keptWidth / widthPx));
      width = keptWidth / factor;
      height = visibleHeight / base / factor;
      toVisible = Matrix3.scaling(base * factor, base * factor);
    }

    EdgeField visible(int pair) {
      return EdgeField.of(visibles.get(pair).reduced(factor).levels(), width, height);
    }

    EdgeField infrared(int pair, Matrix3 homography) {
      Matrix3 toInfrared = homography.inverse().times(toVisible);
      double w = toInfrared.w(width / 2.0, height / 2.0);
      double density =
          (toInfrared.x(width / 2.0 + 1, height / 2.0) - toInfrared.x(width / 2.0, height / 2.0))
              / w;
      int reduce = Math.max(1, (int) Math.round(density));
      return EdgeField.of(
          infrareds
              .get(pair)
              .reduced(reduce)
              .seenThrough(
                  Matrix3.scaling(reduce, reduce).inverse().times(toInfrared), width, height),
          width,
          height);
    }

    /** How far a correction moves the corner that it moves farthest, in pixels of this level. */
    double farthest(Matrix3 correction) {
      double farthest = 0;
      for (int corner = 0; corner < 4; corner++) {
        double x = corner % 2 == 0 ? 0 : width - 1;
        double y = corner / 2 == 0 ? 0 : height - 1;
        double w = correction.w(x, y);
        farthest =
            Math.max(farthest, Math.hypot(correction.x(x, y) / w - x, correction.y(x, y) / w - y));
      }
      return farthest;
    }
  }

  /** Scale and shift at which most edges agree. */
  private Matrix3 coarse() {
    Level level = new Level(COARSE_PX);
    int pairs = Math.min(visibles.size(), COARSE_PAIRS);
    List<EdgeField> seen = new ArrayList<>();
    for (int i = 0; i < pairs; i++) {
      seen.add(level.visible(i * visibles.size() / pairs));
    }
    double best = -1;
    Matrix3 homography = Matrix3.scaling(1, 1);
    for (double share = SMALLEST_SHARE; share < LARGEST_SHARE; share *= SCALE_STEP) {
      double scale = share * level.width / infraredWidth;
      int width = (int) Math.round(infraredWidth * scale);
      int height = (int) Math.round(infraredHeight * scale);
      Matrix3 toInfrared = Matrix3.scaling(scale, scale).inverse();
      int reduce = Math.max(1, (int) Math.round(1 / scale));
      List<EdgeField> warm = new ArrayList<>();
      for (int i = 0; i < pairs; i++) {
        GrayPlane infrared = infrareds.get(i * visibles.size() / pairs).reduced(reduce);
        Matrix3 toReduced = Matrix3.scaling(reduce, reduce).inverse().times(toInfrared);
        warm.add(EdgeField.of(infrared.seenThrough(toReduced, width, height), width, height));
      }
      double energy = Math.sqrt(energy(seen) * energy(warm)) + 1e-9;
      int centreX = (level.width - width) / 2;
      int centreY = (level.height - height) / 2;
      int reachX = (int) (FARTHEST * level.width);
      int reachY = (int) (FARTHEST * level.height);
      for (int dy = centreY - reachY; dy <= centreY + reachY; dy += STEP_PX) {
        for (int dx = centreX - reachX; dx <= centreX + reachX; dx += STEP_PX) {
          // By all edges of both, not by those that overlap: a small part agrees well somewhere by
          // chance.
          double agreement = agreement(seen, warm, dx, dy) / energy;
          if (agreement > best) {
            best = agreement;
            Matrix3 shift = Matrix3.shift(dx, dy);
            homography = level.toVisible.times(shift).times(toInfrared.inverse());
          }
        }
      }
    }
    return homography;
  }

  /** How well the edges of both agree, the second fields moved right and down by so much. */
  private static double agreement(List<EdgeField> first, List<EdgeField> second, int dx, int dy) {
    double product = 0;
    for (int k = 0; k < first.size(); k++) {
      EdgeField v = first.get(k);
      EdgeField i = second.get(k);
      int left = Math.max(0, dx);
      int right = Math.min(v.width, i.width + dx);
      int top = Math.max(0, dy);
      int bottom = Math.min(v.height, i.height + dy);
      for (int y = top; y < bottom; y++) {
        int p = y * v.width + left;
        int q = (y - dy) * i.width + left - dx;
        for (int x = left; x < right; x++, p++, q++) {
          product += v.re[p] * i.re[q] + v.im[p] * i.im[q];
        }
      }
    }
    return product;
  }

  private static double energy(List<EdgeField> fields) {
    return fields.stream().mapToDouble(EdgeField::energy).sum();
  }

  private double agreement(Matrix3 homography) {
    Level level = new Level(LEVELS_PX[1]);
    double product = 0;
    double a = 0;
    double b = 0;
    for (int k = 0; k < visibles.size(); k++) {
      EdgeField v = level.visible(k);
      EdgeField i = level.infrared(k, homography);
      for (int p = 0; p < v.re.length; p++) {
        if (i.re[p] != 0 || i.im[p] != 0) {
          product += v.re[p] * i.re[p] + v.im[p] * i.im[p];
          a += v.re[p] * v.re[p] + v.im[p] * v.im[p];
          b += i.re[p] * i.re[p] + i.im[p] * i.im[p];
        }
      }
    }
    return a > 0 && b > 0 ? product / Math.sqrt(a * b) : 0;
  }

  /**
   * How well each block of a level agrees when the infrared picture moves a little below it, and
   * the homography that suits all of them best.
   */
  private final class Blocks {
    /** Of its own best agreement a block that agrees reaches this part. */
    private static final double NEARLY_BEST = 0.7;

    /** The greatest agreement of a block that tells something, over its median one. */
    private static final double TELLING = 0.06;

    /**
     * What other shapes than shift, scale and turn cost, per square of {@link #SLIGHT_PX} at 640.
     */
    private static final double COST = 0.02;

    private static final double SLIGHT_PX = 6;
    private static final double FINEST_PX = 0.02;

    private final Level level;
    private final double scale;
    private final int reach;
    private final int span;
    private final List<Block> blocks = new ArrayList<>();

    /**
     * Shift, shift, scale, turn; stretch, shear, perspective, perspective: pixels at the border.
     */
    private final double[] theta = new double[8];

    /**
     * @param x of its middle, from the centre in half widths
     * @param y likewise
     * @param agreement at every move, row by row
     */
    private record Block(double x, double y, double[] agreement) {}

    Blocks(Level level, Matrix3 homography, int side, int reach) {
      this.level = level;
      this.scale = level.width / 2.0;
      this.reach = reach;
      this.span = 2 * reach + 1;
      int step = side / 2;
      for (int top = reach; top + side + reach <= level.height; top += step) {
        for (int left = reach; left + side + reach <= level.width; left += step) {
          blocks.add(
              new Block(
                  (left + (side - level.width) / 2.0) / scale,
                  (top + (side - level.height) / 2.0) / scale,
                  new double[span * span]));
        }
      }
      double visibleEnergy = 0;
      double infraredEnergy = 0;
      for (int k = 0; k < visibles.size(); k++) {
        EdgeField v = level.visible(k);
        EdgeField i = level.infrared(k, homography);
        int at = 0;
        for (int top = reach; top + side + reach <= level.height; top += step) {
          for (int left = reach; left + side + reach <= level.width; left += step) {
            correlate(v, i, left, top, side, blocks.get(at++).agreement);
          }
        }
        visibleEnergy += v.energy();
        infraredEnergy += i.energy();
      }
      double energy = Math.sqrt(visibleEnergy * infraredEnergy) / blocks.size() + 1e-9;
      for (Block block : blocks) {
        for (int s = 0; s < span * span; s++) {
          block.agreement[s] /= energy;
        }
      }
    }

    /** Adds how well the fields agree at every move. */
    private void correlate(
        EdgeField v, EdgeField i, int left, int top, int side, double[] agreement) {
      for (int y = top; y < top + side; y++) {
        for (int x = left; x < left + side; x++) {
          int p = y * v.width + x;
          float re = v.re[p];
          float im = v.im[p];
          // A flat pixel adds nothing worth its time.
          if (re * re + im * im > 0.01f) {
            int s = 0;
            for (int dy = -reach; dy <= reach; dy++) {
              int q = p + dy * v.width - reach;
              for (int dx = 0; dx < span; dx++, q++, s++) {
                agreement[s] += re * i.re[q] + im * i.im[q];
              }
            }
          }
        }
      }
    }

    /** Finds the numbers, one after the other, in smaller and smaller steps. */
    void climb() {
      double best = worth();
      double stepPx = reach / 2.0;
      while (stepPx > FINEST_PX) {
        boolean better = false;
        for (int i = 0; i < theta.length; i++) {
          for (int sign = -1; sign <= 1; sign += 2) {
            theta[i] += sign * stepPx;
            double now = worth();
            if (now > best) {
              best = now;
              better = true;
            } else {
              theta[i] -= sign * stepPx;
            }
          }
        }
        if (!better) {
          stepPx /= 2;
        }
      }
    }

    /** Agreement of all blocks, less what an unlikely shape costs. */
    private double worth() {
      double sum = 0;
      for (Block block : blocks) {
        sum += at(block, moveX(block.x, block.y), moveY(block.x, block.y));
      }
      double slight = SLIGHT_PX * level.width / 640;
      double unlikely = 0;
      for (int i = 4; i < theta.length; i++) {
        unlikely += theta[i] * theta[i] / (slight * slight);
      }
      return sum - Math.abs(sum) * COST * unlikely;
    }

    private double moveX(double x, double y) {
      double perspective = theta[6] * x + theta[7] * y;
      return theta[0] + (theta[2] + theta[4] + perspective) * x + (theta[5] - theta[3]) * y;
    }

    private double moveY(double x, double y) {
      double perspective = theta[6] * x + theta[7] * y;
      return theta[1] + (theta[2] - theta[4] + perspective) * y + (theta[5] + theta[3]) * x;
    }

    /** A block's agreement between the moves that were tried: bicubic; 0 beyond. */
    private double at(Block block, double dx, double dy) {
      double x = dx + reach;
      double y = dy + reach;
      int left = (int) Math.floor(x);
      int top = (int) Math.floor(y);
      if (left < 1 || top < 1 || left + 2 >= span || top + 2 >= span) {
        return 0;
      }
      double sum = 0;
      for (int row = -1; row <= 2; row++) {
        double weight = cubic(y - top - row);
        int at = (top + row) * span + left;
        for (int column = -1; column <= 2; column++) {
          sum += weight * cubic(x - left - column) * block.agreement[at + column];
        }
      }
      return sum;
    }

    /** Keys' kernel. */
    private static double cubic(double distance) {
      double d = Math.abs(distance);
      return d < 1 ? 1 + d * d * (1.5 * d - 2.5) : 2 + d * (-4 + d * (2.5 - 0.5 * d));
    }

    /** From level pixels as the infrared picture lies now to where it should lie. */
    Matrix3 correction() {
      Matrix3 away =
          Matrix3.of(
              List.of(
                  1 + (theta[2] + theta[4]) / scale,
                  (theta[5] - theta[3]) / scale,
                  theta[0],
                  (theta[5] + theta[3]) / scale,
                  1 + (theta[2] - theta[4]) / scale,
                  theta[1],
                  -theta[6] / scale / scale,
                  -theta[7] / scale / scale,
                  1.0));
      Matrix3 centre = Matrix3.shift((level.width - 1) / 2.0, (level.height - 1) / 2.0);
      return centre.times(away.inverse()).times(centre.inverse());
    }

    int telling() {
      return (int) blocks.stream().filter(this::tells).count();
    }

    int agreeing() {
      return (int)
          blocks.stream()
              .filter(this::tells)
              .filter(b -> at(b, 0, 0) >= NEARLY_BEST * Arrays.stream(b.agreement).max().orElse(0))
              .count();
    }

    private boolean tells(Block block) {
      double[] sorted = block.agreement.clone();
      Arrays.sort(sorted);
      return sorted[sorted.length - 1] - sorted[sorted.length / 2] > TELLING;
    }
  }
}
