package dev.nightfuse.training.teacher;

import dev.nightfuse.training.data.TrainingSample;
import java.util.Arrays;

/**
 * The levels of a part of a pair, ranked: each of luma, infrared and the two chromas in bins that
 * hold equally many pixels of the window, so that dark and enhanced pictures count alike.
 */
final class LevelWindow {

  private final int width;
  private final int bins;
  private final int[] brightness;
  private final int[] colour;

  /** How alike a pixel and its right, lower, and two diagonal neighbours are, 0 to 1. */
  private final float[][] alike;

  private static final int[][] STEPS = {{1, 0}, {0, 1}, {1, 1}, {-1, 1}};

  LevelWindow(TrainingSample sample, int left, int top, int width, int height, int bins) {
    this.width = width;
    this.bins = bins;
    int n = width * height;
    float[] luma = new float[n];
    float[] infrared = new float[n];
    float[] blue = new float[n];
    float[] red = new float[n];
    int pixels = sample.widthPx() * sample.heightPx();
    byte[] rgb = sample.visibleRgb();
    for (int i = 0; i < n; i++) {
      int at = (top + i / width) * sample.widthPx() + left + i % width;
      float r = rgb[at] & 0xff;
      float g = rgb[pixels + at] & 0xff;
      float b = rgb[2 * pixels + at] & 0xff;
      luma[i] = 0.299f * r + 0.587f * g + 0.114f * b;
      blue[i] = b - luma[i];
      red[i] = r - luma[i];
      infrared[i] = sample.infrared()[at] & 0xff;
    }
    int[] lumaRank = ranks(luma);
    int[] infraredRank = ranks(infrared);
    int[] blueRank = ranks(blue);
    int[] redRank = ranks(red);
    brightness = new int[n];
    colour = new int[n];
    for (int i = 0; i < n; i++) {
      brightness[i] = lumaRank[i] * bins + infraredRank[i];
      colour[i] = blueRank[i] * bins + redRank[i];
    }
    alike = new float[STEPS.length][n];
    float lumaScale = roughness(luma);
    float infraredScale = roughness(infrared);
    for (int s = 0; s < STEPS.length; s++) {
      for (int i = 0; i < n; i++) {
        int other = neighbour(i, STEPS[s]);
        if (other >= 0) {
          float dl = (luma[i] - luma[other]) / lumaScale;
          float di = (infrared[i] - infrared[other]) / infraredScale;
          alike[s][i] = (float) Math.exp(-0.25 * (dl * dl + di * di));
        }
      }
    }
  }

  int widthPx() {
    return width;
  }

  int size() {
    return brightness.length;
  }

  /** Joint bin of luma and infrared of each pixel. */
  int[] brightness() {
    return brightness;
  }

  /** Joint bin of the two chromas of each pixel. */
  int[] colour() {
    return colour;
  }

  /** The other pixel, or -1 outside of the window. */
  private int neighbour(int i, int[] step) {
    int x = i % width + step[0];
    int other = i + step[1] * width + step[0];
    return x < 0 || x >= width || other >= size() ? -1 : other;
  }

  private int[] ranks(float[] values) {
    float[] sorted = values.clone();
    Arrays.sort(sorted);
    int[] ranks = new int[values.length];
    for (int i = 0; i < values.length; i++) {
      int at = Arrays.binarySearch(sorted, values[i]);
      ranks[i] = Math.min(bins - 1, at * bins / values.length);
    }
    return ranks;
  }

  /** Root of the mean squared step to the next pixel; one level at least, for noise. */
  private float roughness(float[] values) {
    double sum = 0;
    for (int i = 1; i < values.length; i++) {
      sum += (values[i] - values[i - 1]) * (values[i] - values[i - 1]);
    }
    return (float) Math.max(1, Math.sqrt(sum / values.length));
  }

  /** Logarithm of how much likelier each pixel's bin is on the object than beside it. */
  float[] evidence(float[] object, int[] bin) {
    float[] on = new float[bins * bins];
    float[] off = new float[bins * bins];
    for (int i = 0; i < bin.length; i++) {
      on[bin[i]] += object[i];
      off[bin[i]] += 1 - object[i];
    }
    float[] smoothOn = smooth(on);
    float[] smoothOff = smooth(off);
    float[] evidence = new float[bin.length];
    for (int i = 0; i < bin.length; i++) {
      evidence[i] = (float) Math.log(smoothOn[bin[i]] / smoothOff[bin[i]]);
    }
    return evidence;
  }

  /** Spread over neighbouring bins, a little for every bin, and of sum 1. */
  private float[] smooth(float[] histogram) {
    float[] result = new float[histogram.length];
    float sum = 0;
    for (int a = 0; a < bins; a++) {
      for (int b = 0; b < bins; b++) {
        float value = 0.05f;
        for (int da = -1; da <= 1; da++) {
          for (int db = -1; db <= 1; db++) {
            int at = Math.max(0, Math.min(bins - 1, a + da)) * bins;
            at += Math.max(0, Math.min(bins - 1, b + db));
            value += histogram[at] * (2 - Math.abs(da)) * (2 - Math.abs(db)) / 16;
          }
        }
        result[a * bins + b] = value;
        sum += value;
      }
    }
    for (int i = 0; i < result.length; i++) {
      result[i] /= sum;
    }
    return result;
  }

  /**
   * For each pixel, how much its like neighbours are of the object: positive for, negative against.
   */
  float[] neighbours(float[] object) {
    float[] pull = new float[object.length];
    for (int s = 0; s < STEPS.length; s++) {
      for (int i = 0; i < object.length; i++) {
        int other = neighbour(i, STEPS[s]);
        if (other >= 0) {
          pull[i] += alike[s][i] * (2 * object[other] - 1);
          pull[other] += alike[s][i] * (2 * object[i] - 1);
        }
      }
    }
    return pull;
  }
}
