package dev.nightfuse.engine;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Maps the raw counts of a 16-bit thermal camera linearly between two percentiles of the picture to
 * the grey levels that networks see. The window follows the scene slowly, so that a hot object that
 * comes or goes does not make a film flicker; a single picture gets a mapper of its own.
 *
 * <p>The plain form; radiometric cameras and local contrast are a later step. One thread.
 */
public final class ThermalWindow {

  private static final double LOW_PERCENTILE = 0.01;
  private static final double HIGH_PERCENTILE = 0.995;

  /**
   * Part of the way to the present scene that the window goes with each picture: about two seconds
   * at 30 fps.
   */
  private static final double FOLLOW = 0.03;

  /** Narrower than this, the camera's noise would fill the picture. */
  private static final double NARROWEST_COUNTS = 64;

  /** Every fourth pixel of a row tells the percentiles well enough. */
  private static final int SAMPLE_STEP = 4;

  private static final int COUNTS = 1 << 16;

  private final int[] histogram = new int[COUNTS];
  private boolean started;
  private double low;
  private double high;

  /**
   * Maps the next picture.
   *
   * @param counts 16 bits each, in the buffer's byte order, from 0
   * @param gray as many bytes as there are pixels; written from 0
   */
  public void map(ByteBuffer counts, int pixels, ByteBuffer gray) {
    follow(counts, pixels);
    double width = Math.max(NARROWEST_COUNTS, high - low);
    double scale = 255 / width;
    double start = (low + high - width) / 2;
    for (int i = 0; i < pixels; i++) {
      double value = ((counts.getShort(2 * i) & 0xffff) - start) * scale;
      gray.put(i, (byte) (int) Math.max(0, Math.min(255, value + 0.5)));
    }
  }

  private void follow(ByteBuffer counts, int pixels) {
    Arrays.fill(histogram, 0);
    int count = 0;
    for (int i = 0; i < pixels; i += SAMPLE_STEP) {
      histogram[counts.getShort(2 * i) & 0xffff]++;
      count++;
    }
    double lowNow = percentile(count, LOW_PERCENTILE);
    double highNow = percentile(count, HIGH_PERCENTILE);
    if (!started) {
      started = true;
      low = lowNow;
      high = highNow;
    } else {
      low += FOLLOW * (lowNow - low);
      high += FOLLOW * (highNow - high);
    }
  }

  private int percentile(int count, double part) {
    long wanted = (long) (part * count);
    long seen = 0;
    for (int value = 0; value < COUNTS; value++) {
      seen += histogram[value];
      if (seen > wanted) {
        return value;
      }
    }
    return COUNTS - 1;
  }
}
