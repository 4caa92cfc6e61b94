package dev.nightfuse.registration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How well each block of a level agrees when the infrared picture moves a little below it, and the
 * homography, with or without a {@link Bend}, that suits all of them best.
 */
final class Blocks {

  /** Of its own best agreement a block that agrees reaches this part. */
  private static final double NEARLY_BEST = 0.7;

  /** The greatest agreement of a block that tells something, over its median one. */
  private static final double TELLING = 0.06;

  /** What other shapes than shift, scale and turn cost, per square of {@link #SLIGHT_PX} at 640. */
  private static final double COST = 0.02;

  private static final double SLIGHT_PX = 6;
  private static final double FINEST_PX = 0.02;

  /** Numbers of a homography; of those, without perspective. */
  private static final int PLANE = 8;

  private static final int AFFINE = 6;

  private static final double SMALL_BEND = 0.01;

  /** Parts of the picture that answer for themselves: every fifth patch, a knight's move on. */
  private static final int JURORS = 5;

  private static final int ALL = -1;

  /** Blocks along the side of a patch; blocks overlap by half. */
  private static final int PATCH = 2;

  private final CalibrationPairs.Level level;
  private final Calibration calibration;
  private final double scale;
  private final int reach;
  private final int span;
  private final List<Block> blocks = new ArrayList<>();
  private final boolean bends;

  /** Of bend per pixel of the last of {@link #theta}. */
  private double bendPerPx;

  /** What such a pixel has in common with the first eight, and is not meant to have. */
  private final double[] common = new double[PLANE];

  /**
   * Shift, shift, scale, turn; stretch, shear, perspective, perspective; bend: pixels at the
   * border.
   */
  private final double[] theta = new double[PLANE + 1];

  /** The juror that is listened to, or ALL. */
  private int asked = ALL;

  /** At one place. */
  private static final class Block {
    /** Of its middle, from the centre in half widths. */
    final double x;

    final double y;

    /** At every move, row by row. */
    final double[] agreement;

    /** Which of the picture's parts it belongs to. */
    final int juror;

    /** How a pixel of bend moves it. */
    double bendX;

    double bendY;

    Block(double x, double y, int moves, int juror) {
      this.x = x;
      this.y = y;
      this.agreement = new double[moves];
      this.juror = juror;
    }
  }

  /**
   * @param calibration how the pictures lie now
   * @param side of a block, in pixels of the level
   * @param reach of moves
   * @param bends whether the infrared lens is looked for too; it is one of {@link Bend}, or none
   */
  Blocks(
      CalibrationPairs.Level level, Calibration calibration, int side, int reach, boolean bends) {
    this.level = level;
    this.calibration = calibration;
    this.scale = level.width / 2.0;
    this.reach = reach;
    this.span = 2 * reach + 1;
    this.bends = bends;
    int step = side / 2;
    for (int top = reach; top + side + reach <= level.height; top += step) {
      for (int left = reach; left + side + reach <= level.width; left += step) {
        blocks.add(
            new Block(
                (left + (side - level.width) / 2.0) / scale,
                (top + (side - level.height) / 2.0) / scale,
                span * span,
                ((left - reach) / step / PATCH + 2 * ((top - reach) / step / PATCH)) % JURORS));
      }
    }
    double visibleEnergy = 0;
    double infraredEnergy = 0;
    for (int k = 0; k < level.pairs(); k++) {
      EdgeField v = level.visible(k);
      EdgeField i = level.infrared(k, calibration);
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
      for (int s = 0; s < block.agreement.length; s++) {
        block.agreement[s] /= energy;
      }
    }
    if (bends) {
      measureBend();
    }
  }

  /**
   * How a little more bend moves each block, less the shift, scale, turn, stretch and shear that
   * come with it: so the numbers can be climbed one after the other.
   */
  private void measureBend() {
    Projection now = level.projection(calibration, 1);
    Projection then =
        level.projection(
            Bend.with(
                calibration,
                Matrix3.of(calibration.infraredToVisible()),
                Bend.of(calibration) + SMALL_BEND),
            1);
    double[] with = new double[PLANE];
    double[] own = new double[PLANE];
    List<Block> seen = new ArrayList<>();
    for (Block block : blocks) {
      if (move(block, now, then)) {
        seen.add(block);
        for (int i = 0; i < AFFINE; i++) {
          double[] unit = new double[PLANE];
          unit[i] = 1;
          double x = planeX(unit, block.x, block.y);
          double y = planeY(unit, block.x, block.y);
          with[i] += x * block.bendX + y * block.bendY;
          own[i] += x * x + y * y;
        }
      }
    }
    for (int i = 0; i < AFFINE && !seen.isEmpty(); i++) {
      common[i] = with[i] / own[i];
    }
    double farthest = 1e-9;
    for (Block block : seen) {
      block.bendX -= planeX(common, block.x, block.y);
      block.bendY -= planeY(common, block.x, block.y);
      farthest = Math.max(farthest, Math.hypot(block.bendX, block.bendY));
    }
    for (Block block : seen) {
      block.bendX /= farthest;
      block.bendY /= farthest;
    }
    for (int i = 0; i < AFFINE; i++) {
      common[i] /= farthest;
    }
    bendPerPx = SMALL_BEND / farthest;
  }

  /** False where the infrared camera does not see. */
  private boolean move(Block block, Projection now, Projection then) {
    double x = block.x * scale + (level.width - 1) / 2.0;
    double y = block.y * scale + (level.height - 1) / 2.0;
    if (!(then.map(x, y) && now.map(x + 1, y))) {
      return false;
    }
    double rightX = now.x();
    double rightY = now.y();
    if (!now.map(x, y + 1)) {
      return false;
    }
    double downX = now.x();
    double downY = now.y();
    if (!now.map(x, y)
        || now.x() < 0
        || now.y() < 0
        || now.x() > calibration.infraredWidthPx() - 1
        || now.y() > calibration.infraredHeightPx() - 1) {
      return false;
    }
    double xx = rightX - now.x();
    double xy = downX - now.x();
    double yx = rightY - now.y();
    double yy = downY - now.y();
    double determinant = xx * yy - xy * yx;
    double byX = then.x() - now.x();
    double byY = then.y() - now.y();
    block.bendX = (yy * byX - xy * byY) / determinant;
    block.bendY = (xx * byY - yx * byX) / determinant;
    return true;
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
    int numbers = bends ? PLANE + 1 : PLANE;
    while (stepPx > FINEST_PX) {
      boolean better = false;
      for (int i = 0; i < numbers; i++) {
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

  /** The bend that each part of the picture would choose, in pixels at the border. */
  double[] bendsPx() {
    double[] bendsPx = new double[JURORS];
    for (int juror = 0; juror < JURORS; juror++) {
      asked = juror;
      Arrays.fill(theta, 0);
      climb();
      bendsPx[juror] = Bend.of(calibration) / bendPerPx + theta[PLANE];
    }
    asked = ALL;
    Arrays.fill(theta, 0);
    return bendsPx;
  }

  /** Agreement of all blocks, less what an unlikely shape costs. */
  private double worth() {
    double sum = agreement();
    double slight = SLIGHT_PX * level.width / 640;
    double unlikely = 0;
    for (int i = 4; i < PLANE; i++) {
      unlikely += theta[i] * theta[i] / (slight * slight);
    }
    return sum - Math.abs(sum) * COST * unlikely;
  }

  /** Of all blocks, where the climb has come to. */
  double agreement() {
    double sum = 0;
    for (Block block : blocks) {
      if (asked == ALL || asked == block.juror) {
        sum += at(block, moveX(block), moveY(block));
      }
    }
    return sum;
  }

  private double moveX(Block block) {
    return planeX(theta, block.x, block.y) + theta[PLANE] * block.bendX;
  }

  private double moveY(Block block) {
    return planeY(theta, block.x, block.y) + theta[PLANE] * block.bendY;
  }

  private static double planeX(double[] theta, double x, double y) {
    double perspective = theta[6] * x + theta[7] * y;
    return theta[0] + (theta[2] + theta[4] + perspective) * x + (theta[5] - theta[3]) * y;
  }

  private static double planeY(double[] theta, double x, double y) {
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

  /** How the infrared picture should lie. */
  Calibration corrected() {
    Matrix3 homography =
        level
            .toVisible
            .times(correction())
            .times(level.toVisible.inverse())
            .times(Matrix3.of(calibration.infraredToVisible()))
            .normalised();
    return bends
        ? Bend.with(calibration, homography, Bend.of(calibration) + theta[PLANE] * bendPerPx)
        : calibration.with(homography, calibration.infraredLens());
  }

  /** From level pixels as the infrared picture lies now to where it should lie. */
  private Matrix3 correction() {
    double[] t = new double[PLANE];
    for (int i = 0; i < PLANE; i++) {
      t[i] = theta[i] - theta[PLANE] * common[i];
    }
    Matrix3 away =
        Matrix3.of(
            List.of(
                1 + (t[2] + t[4]) / scale,
                (t[5] - t[3]) / scale,
                t[0],
                (t[5] + t[3]) / scale,
                1 + (t[2] - t[4]) / scale,
                t[1],
                -t[6] / scale / scale,
                -t[7] / scale / scale,
                1.0));
    Matrix3 centre = Matrix3.shift((level.width - 1) / 2.0, (level.height - 1) / 2.0);
    return centre.times(away.inverse()).times(centre.inverse());
  }

  /** How far the climb moves the block that it moves farthest, in pixels of the level. */
  double farthestPx() {
    return blocks.stream()
        .mapToDouble(block -> Math.hypot(moveX(block), moveY(block)))
        .max()
        .orElse(0);
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
