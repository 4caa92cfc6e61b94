package dev.nightfuse.registration;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds how much later the infrared camera's time stamps are than the visible camera's, from what
 * moves before both. Warm is not bright, but where something moves, both pictures change: how much
 * each part of the picture changes over time is the same course in both, only shifted by the
 * difference of their stamps.
 *
 * <p>Give it every frame of both cameras ({@link #add}), then ask ({@link #find}). Off the live
 * path, one thread. Keeps small copies of the last {@value #MOST_FRAMES} frames of each camera and
 * no frame.
 */
public final class TimeOffset {

  /** A minute of a usual camera. */
  private static final int MOST_FRAMES = 1_800;

  private static final int SMALL_PX = 64;

  /** Side of a part of the picture, in small pixels. */
  private static final int BLOCK_PX = 4;

  /** For less than this nothing is told. */
  public static final int LEAST_S = 5;

  private static final long GRID_NS = 10_000_000;
  private static final int FARTHEST_LAG = 100;

  /** Slower changes than that, such as dusk or a tone curve that follows, tell nothing. */
  private static final int SLOW = 100;

  /** Half the width of the parabola that is laid through the peak: 40 ms. */
  private static final int PEAK = 4;

  /** Parts of the picture that answer for themselves. */
  private static final int JURORS = 4;

  private static final int FEWEST_SAMPLES = (int) (LEAST_S * 1_000_000_000L / GRID_NS);

  /** Answers that agree to less than that agree. */
  private static final double AGREE_MS = 30;

  /**
   * @param offsetMs how much later the infrared camera's stamps are, for what was exposed at the
   *     same time; negative when they are earlier
   * @param spreadMs standard error of that, from how much parts of the picture differ
   * @param reliable whether they agree
   */
  public record Found(double offsetMs, double spreadMs, boolean reliable) {
    static final Found NOTHING = new Found(0, 0, false);
  }

  private record Small(long captureNs, GrayPlane plane) {}

  /** What one camera has shown. */
  private static final class Lane {
    final ArrayDeque<Small> frames = new ArrayDeque<>();
    @Nullable FrameFormat format;
  }

  private final Lane visible = new Lane();
  private final Lane infrared = new Lane();

  /** Frames of another format than a camera's first are left out. Borrows the frame. */
  public void add(Modality modality, Frame frame) {
    Lane lane = modality == Modality.VISIBLE ? visible : infrared;
    if (lane.format == null) {
      lane.format = frame.format();
    }
    if (!frame.format().equals(lane.format)) {
      return;
    }
    if (lane.frames.size() == MOST_FRAMES) {
      lane.frames.remove();
    }
    lane.frames.add(new Small(frame.captureNs(), small(frame)));
  }

  /** Every value the mean of a square. */
  private static GrayPlane small(Frame frame) {
    FrameFormat format = frame.format();
    int factor = factor(format);
    int width = format.widthPx() / factor;
    int height = format.heightPx() / factor;
    boolean wide = format.pixelFormat() == PixelFormat.GRAY16_LE;
    ByteBuffer samples = frame.plane(0);
    float[] means = new float[width * height];
    byte[] row = new byte[format.widthPx() * (wide ? 2 : 1)];
    for (int y = 0; y < height * factor; y++) {
      samples.get(y * row.length, row);
      int to = y / factor * width;
      for (int x = 0; x < width; x++) {
        int sum = 0;
        for (int i = x * factor; i < (x + 1) * factor; i++) {
          sum += wide ? (row[2 * i] & 0xff) | (row[2 * i + 1] & 0xff) << 8 : row[i] & 0xff;
        }
        means[to + x] += sum;
      }
    }
    for (int i = 0; i < means.length; i++) {
      means[i] /= factor * factor;
    }
    return new GrayPlane(width, height, means);
  }

  private static int factor(FrameFormat format) {
    return Math.max(1, format.widthPx() / SMALL_PX);
  }

  /**
   * @param calibration how the pictures lie on each other; a few pixels are near enough
   */
  public Found find(Calibration calibration) {
    FrameFormat seen = visible.format;
    FrameFormat warm = infrared.format;
    if (seen == null || warm == null) {
      return Found.NOTHING;
    }
    Projection toInfrared = new Projection(calibration, factor(seen), factor(warm));
    int width = seen.widthPx() / factor(seen);
    int height = seen.heightPx() / factor(seen);
    Courses v = new Courses(width, height);
    Courses i = new Courses(width, height);
    visible.frames.forEach(small -> v.add(small.captureNs, small.plane.levels()));
    infrared.frames.forEach(
        small -> i.add(small.captureNs, small.plane.seenThrough(toInfrared, width, height)));
    if (v.isEmpty() || i.isEmpty()) {
      return Found.NOTHING;
    }
    long fromNs = Math.max(v.firstNs(), i.firstNs());
    long toNs = Math.min(v.lastNs(), i.lastNs());
    int samples = (int) ((toNs - fromNs) / GRID_NS);
    if (samples < FEWEST_SAMPLES) {
      return Found.NOTHING;
    }
    double[][] agreement = new double[JURORS][2 * FARTHEST_LAG + 1];
    for (int block = 0; block < v.blocks(); block++) {
      float[] a = v.course(block, fromNs, samples);
      float[] b = i.course(block, fromNs, samples);
      if (a.length > 0 && b.length > 0) {
        correlate(a, b, agreement[block % JURORS]);
      }
    }
    return judge(agreement);
  }

  private static void correlate(float[] a, float[] b, double[] agreement) {
    for (int lag = -FARTHEST_LAG; lag <= FARTHEST_LAG; lag++) {
      double sum = 0;
      for (int t = FARTHEST_LAG; t < a.length - FARTHEST_LAG; t++) {
        sum += a[t] * b[t + lag];
      }
      agreement[lag + FARTHEST_LAG] += sum;
    }
  }

  private static Found judge(double[][] agreement) {
    double[] all = new double[agreement[0].length];
    for (double[] one : agreement) {
      for (int k = 0; k < all.length; k++) {
        all[k] += one[k];
      }
    }
    double answerMs = peakMs(all);
    double squares = 0;
    boolean agree = Double.isFinite(answerMs);
    for (double[] one : agreement) {
      double awayMs = peakMs(one) - answerMs;
      squares += awayMs * awayMs;
      agree &= Math.abs(awayMs) <= AGREE_MS;
    }
    if (!agree) {
      return Found.NOTHING;
    }
    return new Found(answerMs, Math.sqrt(squares / JURORS / (JURORS - 1)), true);
  }

  /** Where the greatest agreement is, between the lags that were tried; NaN at the border. */
  private static double peakMs(double[] agreement) {
    int best = 0;
    for (int k = 1; k < agreement.length; k++) {
      best = agreement[k] > agreement[best] ? k : best;
    }
    if (best < PEAK || best >= agreement.length - PEAK) {
      return Double.NaN;
    }
    // Least squares on places -PEAK..PEAK, which are symmetric.
    double linear = 0;
    double square = 0;
    double x2 = 0;
    double x4 = 0;
    double y0 = 0;
    for (int x = -PEAK; x <= PEAK; x++) {
      double y = agreement[best + x];
      linear += x * y;
      square += x * x * y;
      y0 += y;
      x2 += x * x;
      x4 += x * x * x * x;
    }
    double n = 2 * PEAK + 1;
    double curve = (square - x2 * y0 / n) / (x4 - x2 * x2 / n);
    double slope = linear / x2;
    double between = curve < 0 ? Math.max(-PEAK, Math.min(-slope / (2 * curve), PEAK)) : 0;
    return (best + between - FARTHEST_LAG) * GRID_NS / 1e6;
  }

  /** How much each part of one camera's picture changes, over time. */
  private static final class Courses {
    private final int width;
    private final int columns;
    private final int rows;
    private final List<float[]> changes = new ArrayList<>();
    private final List<Long> timesNs = new ArrayList<>();
    private float @Nullable [] last;
    private long lastNs;

    Courses(int width, int height) {
      this.width = width;
      this.columns = width / BLOCK_PX;
      this.rows = height / BLOCK_PX;
    }

    void add(long captureNs, float[] levels) {
      float[] before = last;
      if (before != null) {
        double sum = 0;
        int seen = 0;
        boolean same = true;
        for (int p = 0; p < levels.length; p++) {
          float change = levels[p] - before[p];
          if (!Float.isNaN(change)) {
            sum += change;
            seen++;
            same &= change == 0;
          }
        }
        // A slow sensor behind a fast stream repeats its pictures.
        if (same || captureNs <= lastNs) {
          return;
        }
        changes.add(changes(levels, before, (float) (sum / seen), captureNs - lastNs));
        timesNs.add((captureNs + lastNs) / 2);
      }
      last = levels;
      lastNs = captureNs;
    }

    /** Beside what all of the picture does, as when a tone curve follows. */
    private float[] changes(float[] levels, float[] before, float common, long sinceNs) {
      float[] blocks = new float[columns * rows];
      for (int y = 0; y < rows * BLOCK_PX; y++) {
        for (int x = 0; x < columns * BLOCK_PX; x++) {
          int p = y * width + x;
          blocks[y / BLOCK_PX * columns + x / BLOCK_PX] += Math.abs(levels[p] - before[p] - common);
        }
      }
      for (int b = 0; b < blocks.length; b++) {
        // The root, so that one bright thing does not outshout all others.
        blocks[b] = (float) Math.sqrt(blocks[b] / sinceNs * 1e9);
      }
      return blocks;
    }

    boolean isEmpty() {
      return changes.isEmpty();
    }

    int blocks() {
      return columns * rows;
    }

    long firstNs() {
      return timesNs.get(0);
    }

    long lastNs() {
      return timesNs.get(timesNs.size() - 1);
    }

    /** Of one part, at even times, without its slow changes; empty where nothing is seen. */
    float[] course(int block, long fromNs, int samples) {
      if (Float.isNaN(changes.get(0)[block])) {
        return new float[0];
      }
      float[] course = new float[samples];
      int next = 0;
      for (int t = 0; t < samples; t++) {
        long timeNs = fromNs + t * GRID_NS;
        while (timesNs.get(next) < timeNs) {
          next++;
        }
        int previous = Math.max(0, next - 1);
        long gapNs = timesNs.get(next) - timesNs.get(previous);
        float share = gapNs == 0 ? 0 : (float) (timeNs - timesNs.get(previous)) / gapNs;
        course[t] =
            changes.get(previous)[block]
                + share * (changes.get(next)[block] - changes.get(previous)[block]);
      }
      return withoutSlow(course);
    }

    private static float[] withoutSlow(float[] course) {
      double[] sums = new double[course.length + 1];
      for (int t = 0; t < course.length; t++) {
        sums[t + 1] = sums[t] + course[t];
      }
      float[] quick = new float[course.length];
      for (int t = 0; t < course.length; t++) {
        int from = Math.max(0, t - SLOW / 2);
        int to = Math.min(course.length, t + SLOW / 2 + 1);
        quick[t] = course[t] - (float) ((sums[to] - sums[from]) / (to - from));
      }
      return quick;
    }
  }
}
