package dev.nightfuse.registration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds how a rig's infrared pictures lie on its visible ones from what both show: no target, only
 * pairs of the same moments with edges that both cameras see. The cameras point the same way and
 * have square pixels.
 *
 * <p>First the scale and the shift are looked for at which the {@link EdgeField}s of all pairs
 * agree best, coarsely. Then, from coarse to fine, each block of the picture gets a map of how well
 * it agrees at every small move, and the homography is climbed to at which the sum of all maps is
 * greatest. So a block with one straight edge says what it knows, and blocks that show things at
 * another distance than the rest are outvoted.
 *
 * <p>The same once more with one number for the infrared lens ({@link Bend}), which is kept when it
 * proves to be one.
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

  /** The level at which it is told how much agrees. */
  private static final int COMPARED = 1;

  private static final int ROUNDS = 3;

  /** Bends to try at first; what is between is within reach. */
  private static final double[] STARTS = {0, -0.1, -0.2};

  /** What a lens has to bring, of the agreement without it. */
  private static final double MORE = 1.005;

  /** A lens that moves nothing farther than that, at the finest level, is left out. */
  private static final double SLIGHTEST_PX = 1.5;

  /** Standard errors that its bend has to be away from none. */
  private static final double SURE = 4;

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

    /**
     * How much nearer to the middle the infrared lens shows what is at the corners of its picture,
     * in infrared pixels; negative when farther, 0 without a lens.
     */
    public double cornerPx() {
      Lens lens = calibration.infraredLens();
      return lens == null
          ? 0
          : Bend.cornerPx(lens, calibration.infraredWidthPx(), calibration.infraredHeightPx());
    }
  }

  private final CalibrationPairs pairs;
  private final @Nullable Lens infraredLens;
  private final @Nullable Lens visibleLens;

  /**
   * All pairs have these sizes.
   *
   * @throws IllegalArgumentException when they are too small to show anything
   */
  public AutoCalibration(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx) {
    this(infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx, null, null);
  }

  /**
   * Of a rig whose lenses are known, one or both; no other is looked for then.
   *
   * @throws IllegalArgumentException when pictures are too small to show anything
   */
  public AutoCalibration(
      int infraredWidthPx,
      int infraredHeightPx,
      int visibleWidthPx,
      int visibleHeightPx,
      @Nullable Lens infraredLens,
      @Nullable Lens visibleLens) {
    if (Math.min(infraredWidthPx, infraredHeightPx) < SMALLEST_PX
        || Math.min(visibleWidthPx, visibleHeightPx) < SMALLEST_PX) {
      throw new IllegalArgumentException(
          "thermal %dx%d onto visible %dx%d: no side may be smaller than %d pixels"
              .formatted(
                  infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx, SMALLEST_PX));
    }
    this.infraredLens = infraredLens;
    this.visibleLens = visibleLens;
    this.pairs =
        new CalibrationPairs(
            infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx, LEVELS_PX[FINEST]);
  }

  public void add(Pair pair) {
    pairs.add(pair);
  }

  /** Of all pairs that were added; at least one. */
  public Found find() {
    Calibration start = coarse();
    Calibration straight = fit(start, 0, false);
    if (infraredLens != null || visibleLens != null) {
      return found(straight);
    }
    Calibration bent = fit(bent(start), 1, true);
    return found(proven(bent, straight) ? bent : straight);
  }

  /** Bent as the coarsest level says, from where it agrees best. */
  private Calibration bent(Calibration start) {
    Calibration best = start;
    double greatest = Double.NEGATIVE_INFINITY;
    for (double bend : STARTS) {
      Blocks blocks = round(Bend.bent(start, bend), 0, true);
      for (int i = 1; i < ROUNDS; i++) {
        blocks = round(blocks.corrected(), 0, true);
      }
      if (blocks.agreement() > greatest) {
        greatest = blocks.agreement();
        best = blocks.corrected();
      }
    }
    return best;
  }

  /**
   * Whether the lens is one: more agrees with it than without, and parts of the picture that know
   * nothing of each other find the same. Not parts of the pairs: when nothing moves, they are all
   * alike.
   */
  private boolean proven(Calibration bent, Calibration straight) {
    int reduction = pairs.level(LEVELS_PX[COMPARED]).reduction(straight);
    if (agreement(bent, reduction) < MORE * agreement(straight, reduction)) {
      return false;
    }
    double[] bendsPx = blocks(bent, FINEST, true).bendsPx();
    double mean = Arrays.stream(bendsPx).average().orElse(0);
    double squares = Arrays.stream(bendsPx).map(px -> (px - mean) * (px - mean)).sum();
    double error = Math.sqrt(squares / (bendsPx.length - 1) / bendsPx.length);
    return Math.abs(mean) > Math.max(SLIGHTEST_PX, SURE * error);
  }

  private Found found(Calibration calibration) {
    Blocks blocks = blocks(calibration, FINEST, false);
    Calibration same =
        Calibration.scaling(
            pairs.infraredWidth, pairs.infraredHeight, pairs.visibleWidth, pairs.visibleHeight);
    CalibrationPairs.Level level = pairs.level(LEVELS_PX[COMPARED]);
    return new Found(
        calibration,
        agreement(calibration, level.reduction(calibration)),
        agreement(same, level.reduction(same)),
        blocks.telling(),
        blocks.agreeing());
  }

  private Blocks blocks(Calibration calibration, int level, boolean bends) {
    return new Blocks(
        pairs.level(LEVELS_PX[level]), calibration, BLOCKS_PX[level], REACH_PX[level], bends);
  }

  private Blocks round(Calibration calibration, int level, boolean bends) {
    Blocks blocks = blocks(calibration, level, bends);
    blocks.climb();
    return blocks;
  }

  /** From one level on to the finest. */
  private Calibration fit(Calibration start, int from, boolean bends) {
    Calibration calibration = start;
    for (int level = from; level < LEVELS_PX.length; level++) {
      double movedPx = Double.MAX_VALUE;
      for (int i = 0; i < ROUNDS && movedPx > SETTLED_PX; i++) {
        Blocks blocks = round(calibration, level, bends);
        movedPx = blocks.farthestPx();
        calibration = blocks.corrected();
      }
    }
    return calibration;
  }

  /** Scale and shift at which most edges agree. */
  private Calibration coarse() {
    CalibrationPairs.Level level = pairs.level(COARSE_PX);
    int infraredWidth = pairs.infraredWidth;
    int infraredHeight = pairs.infraredHeight;
    int count = Math.min(pairs.count(), COARSE_PAIRS);
    List<EdgeField> seen = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      seen.add(level.visible(i * pairs.count() / count));
    }
    double best = -1;
    Matrix3 homography = Matrix3.scaling(1, 1);
    for (double share = SMALLEST_SHARE; share < LARGEST_SHARE; share *= SCALE_STEP) {
      double scale = share * level.width / infraredWidth;
      int width = (int) Math.round(infraredWidth * scale);
      int height = (int) Math.round(infraredHeight * scale);
      Matrix3 larger = Matrix3.scaling(scale, scale);
      Calibration there =
          new Calibration(
              infraredWidth, infraredHeight, width, height, larger.toList(), infraredLens, null);
      int reduce = Math.max(1, (int) Math.round(1 / scale));
      List<EdgeField> warm = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        GrayPlane infrared = pairs.infrared(i * pairs.count() / count).reduced(reduce);
        Projection toReduced = new Projection(there, 1, reduce);
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
            homography = level.toVisible.times(shift).times(larger);
          }
        }
      }
    }
    return new Calibration(
        infraredWidth,
        infraredHeight,
        pairs.visibleWidth,
        pairs.visibleHeight,
        homography.toList(),
        infraredLens,
        visibleLens);
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

  private double agreement(Calibration calibration, int reduction) {
    CalibrationPairs.Level level = pairs.level(LEVELS_PX[COMPARED]);
    double product = 0;
    double a = 0;
    double b = 0;
    for (int k = 0; k < pairs.count(); k++) {
      EdgeField v = level.visible(k);
      EdgeField i = level.infrared(k, calibration, reduction);
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
}
