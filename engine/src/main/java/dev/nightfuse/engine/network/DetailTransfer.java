package dev.nightfuse.engine.network;

import java.util.Arrays;
import java.util.List;

/**
 * Fusion without weights, luma only: the visible picture, with what only the thermal camera sees.
 *
 * <p>Each source is split by a guided filter into an edge-preserving base and detail. Then, at
 * every pixel:
 *
 * <pre>
 *   fused = visible
 *         + lift of the base towards the thermal base, where it is hot or the visible is dark
 *         + w (thermal detail - visible detail),  w = 1 where the thermal one is the stronger
 * </pre>
 *
 * <p>The filter's coefficients and all gates are made at quarter size, where they cost nothing; the
 * formula itself runs at full size, so edges stay where they are and nothing glows around hot
 * things. Hot means relative to the mean and deviation of a wide neighbourhood, never of the whole
 * picture, so brightness does not flicker when something enters it. All values are grey levels.
 */
public final class DetailTransfer {

  /** Window of the guided filter and of detail energy, in quarter-size pixels. */
  private static final int FILTER = 5;

  private static final int ENERGY = 3;

  /** Contrast above which the guided filter keeps an edge in the base. */
  private static final double EDGE = 32;

  /** Detail weaker than this is noise: the visible picture stays as it is. */
  private static final double NOISE = 1.5;

  /** Windows of "wide" and of "around", in coarse pixels: a third and a tenth of the width. */
  private static final int WIDE = 15;

  private static final int AROUND = 5;

  /** Deviation of the wide neighbourhood is taken as at least this, or flat scenes glow. */
  private static final double LEAST_DEVIATION = 14;

  /** Hot begins and is complete at these deviations above the wide mean. */
  private static final double WARM = 0.65;

  private static final double HOT = 1.5;

  /** Hot things exceed what surrounds them by this share of their thermal contrast. */
  private static final double STAND_OUT = 0.8;

  private static final double BRIGHTEST = 240;

  /** Around dark (complete, begin), the base is lifted by this share of the difference. */
  private static final double DARK = 15;

  private static final double DUSK = 80;
  private static final double LIFT = 0.9;

  /** Around bright (begin, complete), nothing is lifted: a skyline must not drown in the sky. */
  private static final double BRIGHT = 190;

  private static final double SKY = 235;

  /** Where the thermal is this much darker it shows cold sky, whose detail means nothing. */
  private static final double COOL = 120;

  private static final double COLD = 180;

  /** Fuses {@code [N, 1, H, W]} uint8 planes of any size from 16 x 16. */
  public <T> T forward(Ops<T> ops, T visible, T infrared) {
    Shape size = ops.shape(visible);
    int height = size.dim(2);
    int width = size.dim(3);
    // Quarter-size pixels in a coarse one along a side: 40 coarse pixels or more make a width.
    int coarse = width < 1200 ? 4 : 8;
    T v = pixels(ops, visible, 4 * coarse);
    T i = pixels(ops, infrared, 4 * coarse);
    int h = ops.shape(v).dim(2);
    int w = ops.shape(v).dim(3);

    Statistics<T> quarter =
        new Statistics<>(
            ops.concat(1, List.of(quarter(ops, v), quarter(ops, i))),
            ops.concat(1, List.of(quarter(ops, ops.mul(v, v)), quarter(ops, ops.mul(i, i)))));

    T gates = ops.resize(gates(ops, quarter, coarse), h, w, Interpolation.BILINEAR);
    return crop(ops, fuse(ops, v, i, gates), height, width);
  }

  /** Mean of values and mean of their squares; channel 0 visible, 1 thermal. */
  private record Statistics<T>(T mean, T meanSquare) {
    Statistics<T> smooth(Ops<T> ops, int window) {
      return new Statistics<>(
          ops.averagePool(mean, Pool.moving(window)),
          ops.averagePool(meanSquare, Pool.moving(window)));
    }

    Statistics<T> shrink(Ops<T> ops, int factor) {
      return new Statistics<>(
          ops.averagePool(mean, Pool.by(factor)), ops.averagePool(meanSquare, Pool.by(factor)));
    }

    T variance(Ops<T> ops) {
      return ops.relu(ops.sub(meanSquare, ops.mul(mean, mean)));
    }
  }

  /** Everything that varies slowly, at quarter size; channels in the order fuse() takes them. */
  private <T> T gates(Ops<T> ops, Statistics<T> quarter, int coarseFactor) {
    int h = ops.shape(quarter.mean).dim(2);
    int w = ops.shape(quarter.mean).dim(3);

    // Guided filter: base = slope * pixel + offset.
    Statistics<T> window = quarter.smooth(ops, FILTER);
    T variance = window.variance(ops);
    T slope = ops.div(variance, ops.add(variance, EDGE * EDGE));
    T flat = ops.from(1, slope);
    T offset = ops.mul(flat, window.mean);
    T base = ops.averagePool(ops.concat(1, List.of(slope, offset)), Pool.moving(FILTER));

    // Wide neighbourhood of the thermal, surroundings in the visible.
    Statistics<T> coarse = quarter.shrink(ops, coarseFactor);
    Statistics<T> wide =
        new Statistics<>(channel(ops, coarse.mean, 1), channel(ops, coarse.meanSquare, 1))
            .smooth(ops, WIDE);
    T deviation = ops.max(ops.sqrt(wide.variance(ops)), ops.constant((float) LEAST_DEVIATION));
    T around = ops.averagePool(channel(ops, coarse.mean, 0), Pool.moving(AROUND));
    // hot = (pixel - mean) / (deviation (HOT - WARM)) - WARM / (HOT - WARM)
    T hotSlope = ops.div(ops.constant((float) (1 / (HOT - WARM))), deviation);
    T hotOffset =
        ops.sub(
            ops.mul(ops.mul(wide.mean, hotSlope), -1), ops.constant((float) (WARM / (HOT - WARM))));
    T target =
        ops.sub(around, ops.mul(ops.add(wide.mean, ops.mul(deviation, STAND_OUT)), STAND_OUT));
    T notSky = ramp(ops, around, SKY, BRIGHT);
    T dark = ops.mul(ramp(ops, around, DUSK, DARK), LIFT);
    T slow =
        ops.resize(
            ops.concat(1, List.of(hotSlope, hotOffset, target, notSky, dark)),
            h,
            w,
            Interpolation.BILINEAR);

    T weight = thermalWeight(ops, quarter, flat, slow);
    return ops.concat(1, List.of(base, slow, weight));
  }

  /** How much stronger the thermal detail is: near 0 or 1, in between where they are alike. */
  private <T> T thermalWeight(Ops<T> ops, Statistics<T> quarter, T flat, T slow) {
    T local = quarter.smooth(ops, ENERGY).variance(ops);
    T energy = ops.averagePool(ops.mul(local, ops.mul(flat, flat)), Pool.moving(ENERGY));
    // A hot thing counts double: its own detail is what shows it.
    T thermal = channel(ops, quarter.mean, 1);
    T hot = ops.clip(ops.add(ops.mul(thermal, channel(ops, slow, 0)), channel(ops, slow, 1)), 0, 1);
    T infrared = fourthPower(ops, ops.mul(channel(ops, energy, 1), ops.add(hot, 1)));
    T visible = fourthPower(ops, channel(ops, energy, 0));
    T weight = ops.div(infrared, ops.add(ops.add(infrared, visible), Math.pow(NOISE * NOISE, 4)));
    T colder = ops.sub(channel(ops, quarter.mean, 0), thermal);
    colder = ops.averagePool(colder, Pool.moving(ENERGY));
    return ops.mul(weight, ramp(ops, colder, COLD, COOL));
  }

  private <T> T fuse(Ops<T> ops, T v, T i, T gates) {
    T baseV = ops.add(ops.mul(v, channel(ops, gates, 0)), channel(ops, gates, 2));
    T baseI = ops.add(ops.mul(i, channel(ops, gates, 1)), channel(ops, gates, 3));
    T hot = ops.clip(ops.add(ops.mul(baseI, channel(ops, gates, 4)), channel(ops, gates, 5)), 0, 1);
    T target = ops.add(ops.mul(baseI, STAND_OUT), channel(ops, gates, 6));
    target = ops.max(baseI, ops.min(target, ops.constant((float) BRIGHTEST)));
    T hotLift = ops.mul(ops.mul(hot, channel(ops, gates, 7)), ops.sub(target, baseV));
    T darkLift = ops.mul(ops.sub(baseI, baseV), channel(ops, gates, 8));
    T lift = ops.relu(ops.max(hotLift, darkLift));
    T detail = ops.sub(ops.sub(i, baseI), ops.sub(v, baseV));
    return ops.add(ops.add(v, lift), ops.mul(detail, channel(ops, gates, 9)));
  }

  /** Float pixels as 2 x 2 blocks in channels, sides padded up to the multiple. */
  private static <T> T pixels(Ops<T> ops, T plane, int multiple) {
    Shape size = ops.shape(plane);
    int bottom = Math.floorMod(-size.dim(2), multiple);
    int right = Math.floorMod(-size.dim(3), multiple);
    T x = ops.cast(plane, DType.FLOAT32);
    x = bottom + right == 0 ? x : ops.pad(x, 0, 0, bottom, right, PadMode.EDGE);
    return ops.spaceToDepth(x, 2);
  }

  /** Means of 4 x 4 pixels; a convolution is several times faster here than a reduction. */
  private static <T> T quarter(Ops<T> ops, T blocks) {
    float[] weights = new float[16];
    Arrays.fill(weights, 1f / 16);
    return ops.fixedConv(blocks, new Conv(1, 2, 2, 0, 1, 1, false), weights);
  }

  private static <T> T crop(Ops<T> ops, T blocks, int height, int width) {
    T x = ops.toUint8(ops.depthToSpace(blocks, 2));
    x = ops.shape(x).dim(2) == height ? x : ops.slice(x, 2, 0, height);
    return ops.shape(x).dim(3) == width ? x : ops.slice(x, 3, 0, width);
  }

  private static <T> T channel(Ops<T> ops, T x, int index) {
    return ops.slice(x, 1, index, index + 1);
  }

  /** 0 at and beyond {@code zero}, 1 at and beyond {@code one}, straight in between. */
  private static <T> T ramp(Ops<T> ops, T x, double zero, double one) {
    double slope = 1 / (one - zero);
    return ops.clip(ops.add(ops.mul(x, slope), -zero * slope), 0, 1);
  }

  private static <T> T fourthPower(Ops<T> ops, T x) {
    T square = ops.mul(x, x);
    return ops.mul(square, square);
  }
}
