package dev.nightfuse.app;

import java.util.Arrays;

/**
 * How much a fused video changes from picture to picture where the scene does not, against how much
 * its inputs change there. One thread.
 *
 * <p>A pixel is still when the 5x5 means of both inputs stay within {@value #STILL} levels: noise
 * averages out, movement does not. The inputs' own change at a pixel is that of visible and
 * infrared, weighted as the fused picture takes from them there: {@code w} is such that fused = w
 * visible + (1 - w) infrared, within 0 to 1. A fusion that only mixes its inputs has a ratio of 1
 * at most; one that flickers, or that makes noise louder, more.
 */
final class StabilityMeter {

  private static final int RADIUS = 2;
  private static final int STILL = 3;

  /** Inputs that lie nearer to one another do not tell where a fused level comes from. */
  private static final int ALIKE = 4;

  private final int widthPx;
  private final int heightPx;
  private final int[] sums;
  private byte[] visibleBefore;
  private byte[] infraredBefore;
  private byte[] visible;
  private byte[] infrared;
  private final boolean[] still;
  private boolean started;
  private long stillPixels;
  private long pixels;

  StabilityMeter(int widthPx, int heightPx) {
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    int size = widthPx * heightPx;
    this.sums = new int[(widthPx + 1) * (heightPx + 1)];
    this.visibleBefore = new byte[size];
    this.infraredBefore = new byte[size];
    this.visible = new byte[size];
    this.infrared = new byte[size];
    this.still = new boolean[size];
  }

  /** The next pair of inputs; its fused pictures are then given to the methods' {@link Sum}s. */
  void pair(byte[] newVisible, byte[] newInfrared) {
    byte[] free = visibleBefore;
    visibleBefore = visible;
    visible = free;
    free = infraredBefore;
    infraredBefore = infrared;
    infrared = free;
    System.arraycopy(newVisible, 0, visible, 0, visible.length);
    System.arraycopy(newInfrared, 0, infrared, 0, infrared.length);
    if (started) {
      Arrays.fill(still, true);
      moved(visibleBefore, visible);
      moved(infraredBefore, infrared);
      for (boolean quiet : still) {
        stillPixels += quiet ? 1 : 0;
      }
      pixels += still.length;
    }
    started = true;
  }

  /** Clears what moved, by means over a window from a table of sums. */
  private void moved(byte[] before, byte[] after) {
    int stride = widthPx + 1;
    for (int y = 0; y < heightPx; y++) {
      int row = 0;
      for (int x = 0; x < widthPx; x++) {
        int i = y * widthPx + x;
        row += (after[i] & 0xff) - (before[i] & 0xff);
        sums[(y + 1) * stride + x + 1] = sums[y * stride + x + 1] + row;
      }
    }
    for (int y = 0; y < heightPx; y++) {
      int top = Math.max(0, y - RADIUS);
      int bottom = Math.min(heightPx, y + RADIUS + 1);
      for (int x = 0; x < widthPx; x++) {
        int left = Math.max(0, x - RADIUS);
        int right = Math.min(widthPx, x + RADIUS + 1);
        int sum =
            sums[bottom * stride + right]
                - sums[top * stride + right]
                - sums[bottom * stride + left]
                + sums[top * stride + left];
        if (Math.abs(sum) > STILL * (bottom - top) * (right - left)) {
          still[y * widthPx + x] = false;
        }
      }
    }
  }

  /** Share of the pixels that were still, 0 to 1. */
  double stillShare() {
    return (double) stillPixels / pixels;
  }

  /** Sums of one way to fuse. */
  final class Sum {
    private final byte[] before = new byte[visible.length];
    private boolean begun;
    private double fusedChange;
    private double inputChange;

    /** The fused picture of the pair that was given last. */
    void fused(byte[] levels) {
      if (begun) {
        for (int i = 0; i < levels.length; i++) {
          if (still[i]) {
            int v = visible[i] & 0xff;
            int t = infrared[i] & 0xff;
            int f = levels[i] & 0xff;
            double weight =
                Math.abs(v - t) < ALIKE
                    ? 0.5
                    : Math.max(0, Math.min(1, (double) (f - t) / (v - t)));
            fusedChange += Math.abs(f - (before[i] & 0xff));
            inputChange +=
                weight * Math.abs(v - (visibleBefore[i] & 0xff))
                    + (1 - weight) * Math.abs(t - (infraredBefore[i] & 0xff));
          }
        }
      }
      System.arraycopy(levels, 0, before, 0, levels.length);
      begun = true;
    }

    /** Mean absolute change of a still pixel, in levels. */
    double fusedChange() {
      return fusedChange / stillPixels;
    }

    /** The same of the inputs, weighted. */
    double inputChange() {
      return inputChange / stillPixels;
    }

    double ratio() {
      return fusedChange / inputChange;
    }
  }
}
