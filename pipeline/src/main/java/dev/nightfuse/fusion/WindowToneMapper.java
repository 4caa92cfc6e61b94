package dev.nightfuse.fusion;

import dev.nightfuse.frame.Frame;
import java.nio.ByteBuffer;

/**
 * Maps raw thermal counts linearly between two percentiles of the picture. The window follows the
 * scene slowly, so that a hot object that comes or goes does not make the picture flicker.
 *
 * <p>The plain form; radiometric cameras and local contrast are a later step. One thread.
 */
public final class WindowToneMapper implements ToneMapper {

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

  @Override
  public void map(Frame raw, ByteBuffer gray) {
    map(raw.plane(0), raw.format().widthPx() * raw.format().heightPx(), gray);
  }

  /**
   * Likewise, of counts that are in no frame.
   *
   * @param samples 16 bits each, in little-endian order, from 0
   * @param gray as many bytes as there are pixels; written from 0
   */
  public void map(ByteBuffer samples, int pixels, ByteBuffer gray) {
    follow(samples, pixels);
    double width = Math.max(NARROWEST_COUNTS, high - low);
    double scale = 255 / width;
    double start = (low + high - width) / 2;
    for (int i = 0; i < pixels; i++) {
      double value = ((samples.getShort(2 * i) & 0xffff) - start) * scale;
      gray.put(i, (byte) (int) Math.max(0, Math.min(255, value + 0.5)));
    }
  }

  private void follow(ByteBuffer samples, int pixels) {
    java.util.Arrays.fill(histogram, 0);
    int count = 0;
    for (int i = 0; i < pixels; i += SAMPLE_STEP) {
      histogram[samples.getShort(2 * i) & 0xffff]++;
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
