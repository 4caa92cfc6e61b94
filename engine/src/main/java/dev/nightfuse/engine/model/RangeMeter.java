package dev.nightfuse.engine.model;

import dev.nightfuse.engine.onnx.ActivationRanges;
import java.nio.FloatBuffer;

/**
 * Counts numbers and finds the range in which bytes stand for them best. A few far-off numbers
 * would make the steps of a byte coarse for all the others: where cutting them off makes the mean
 * squared error smaller, they are cut off.
 */
final class RangeMeter {

  /** Of the whole counted width; a range of half of it still has eight for each step of a byte. */
  private static final int BINS = 4096;

  private static final int HALF = BINS / 2;
  private static final double LEAST_SHARE = 0.2;
  private static final double SHARE_STEP = 0.02;

  private long[] counts = new long[BINS];

  /** Bins reach from minus this to this. */
  private double reach = 1.0 / 1024;

  private float low;
  private float high;

  /** Counts what is between position and limit; the buffer is left as it is. */
  void add(FloatBuffer numbers) {
    for (int i = numbers.position(); i < numbers.limit(); i++) {
      float number = numbers.get(i);
      if (!Float.isFinite(number)) {
        throw new IllegalArgumentException("number " + number + " cannot be measured");
      }
      low = Math.min(low, number);
      high = Math.max(high, number);
      while (Math.abs(number) >= reach) {
        widen();
      }
      counts[(int) Math.floor(number / reach * HALF) + HALF]++;
    }
  }

  /** Twice the reach; two bins become one. */
  private void widen() {
    long[] wider = new long[BINS];
    for (int bin = 0; bin < BINS; bin++) {
      // Bin HALF + k holds numbers from k to k + 1 widths; rounding goes down for negative k too.
      wider[HALF + Math.floorDiv(bin - HALF, 2)] += counts[bin];
    }
    counts = wider;
    reach *= 2;
  }

  /** The range of the smallest mean squared error. */
  ActivationRanges.Range best() {
    ActivationRanges.Range best = new ActivationRanges.Range(low, high);
    double least = error(best);
    for (double share = 1 - SHARE_STEP; share >= LEAST_SHARE; share -= SHARE_STEP) {
      ActivationRanges.Range cut =
          new ActivationRanges.Range((float) (low * share), (float) (high * share));
      double error = error(cut);
      if (error < least) {
        least = error;
        best = cut;
      }
    }
    return best;
  }

  private double error(ActivationRanges.Range range) {
    double sum = 0;
    for (int bin = 0; bin < BINS; bin++) {
      if (counts[bin] > 0) {
        double middle = (bin - HALF + 0.5) * reach / HALF;
        double error = middle - range.rounded(middle);
        sum += counts[bin] * error * error;
      }
    }
    return sum;
  }
}
