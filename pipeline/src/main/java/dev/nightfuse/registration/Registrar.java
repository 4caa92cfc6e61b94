package dev.nightfuse.registration;

import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.IntBuffer;

/**
 * Lays 8-bit infrared pictures onto the visible picture, bilinear, by a table made beforehand.
 *
 * <p><b>Thread.</b> One at a time. <b>Ownership.</b> Keeps its table, borrows the planes for the
 * call.
 */
public final class Registrar {

  /** Weights are in 1/256; with both in 1/256 a product of two is in 1/65536. */
  private static final int ONE = 256;

  private static final int OUTSIDE = -1;

  private final int infraredWidthPx;
  private final int infraredHeightPx;
  private final int widthPx;
  private final int heightPx;
  private final int outsideSamples;

  /** Per output pixel: index of the upper left source sample, or OUTSIDE. */
  private final IntBuffer offsets;

  /** Per output pixel: weight of the right column, weight of the lower row, both 0 to ONE. */
  private final IntBuffer weights;

  private boolean identity;
  private double coverage;

  /** One output row on its way: table rows, the four samples of each pixel, the result. */
  private final int[] offsetRow;

  private final int[] weightRow;
  private final int[] samples;
  private final byte[] line;

  /**
   * @param calibration for pictures of exactly these sizes
   * @param outsideValue what the output shows where the infrared camera does not see, 0 to 255
   */
  public Registrar(Calibration calibration, int outsideValue) {
    this.infraredWidthPx = calibration.infraredWidthPx();
    this.infraredHeightPx = calibration.infraredHeightPx();
    this.widthPx = calibration.visibleWidthPx();
    this.heightPx = calibration.visibleHeightPx();
    this.outsideSamples = (outsideValue & 0xff) * 0x01010101;
    this.offsetRow = new int[widthPx];
    this.weightRow = new int[widthPx];
    this.samples = new int[widthPx];
    this.line = new byte[widthPx];
    int pixels = Math.multiplyExact(widthPx, heightPx);
    this.offsets = direct(pixels);
    this.weights = direct(pixels);
    fill(calibration);
  }

  /**
   * From now on by another calibration for pictures of the same sizes, in the memory that is there.
   */
  public void move(Calibration calibration) {
    if (calibration.infraredWidthPx() != infraredWidthPx
        || calibration.infraredHeightPx() != infraredHeightPx
        || calibration.visibleWidthPx() != widthPx
        || calibration.visibleHeightPx() != heightPx) {
      throw new IllegalArgumentException(
          "registration of %dx%d onto %dx%d moved to a calibration of other sizes"
              .formatted(infraredWidthPx, infraredHeightPx, widthPx, heightPx));
    }
    fill(calibration);
  }

  private void fill(Calibration calibration) {
    Projection projection = new Projection(calibration);
    boolean same = infraredWidthPx == widthPx && infraredHeightPx == heightPx;
    int inside = 0;
    for (int y = 0; y < heightPx; y++) {
      for (int x = 0; x < widthPx; x++) {
        int pixel = y * widthPx + x;
        boolean seen = projection.map(x, y) && inPicture(projection.x(), projection.y());
        if (seen) {
          inside++;
          put(pixel, projection.x(), projection.y());
          same &= Math.abs(projection.x() - x) + Math.abs(projection.y() - y) < 1.0 / ONE;
        } else {
          offsets.put(pixel, OUTSIDE);
          same = false;
        }
      }
    }
    this.identity = same;
    this.coverage = (double) inside / (widthPx * heightPx);
  }

  /** The size that {@link #register} takes. */
  public boolean takes(FrameFormat infrared) {
    return infrared.pixelFormat() == PixelFormat.GRAY8
        && infrared.widthPx() == infraredWidthPx
        && infrared.heightPx() == infraredHeightPx;
  }

  /** Whether pictures are copied as they are. */
  public boolean isIdentity() {
    return identity;
  }

  /** Part of the visible picture that the infrared camera sees, 0 to 1. */
  public double coverage() {
    return coverage;
  }

  /**
   * Fills {@code output} (GRAY8 at the visible size) from {@code infrared} (GRAY8 at the infrared
   * size). Both direct, rows tight; positions are neither read nor moved.
   */
  public void register(ByteBuffer infrared, ByteBuffer output) {
    int pixels = widthPx * heightPx;
    if (infrared.capacity() < infraredWidthPx * infraredHeightPx || output.capacity() < pixels) {
      throw new IllegalArgumentException(
          "registration of %d bytes into %d: needs %dx%d and %dx%d"
              .formatted(
                  infrared.capacity(),
                  output.capacity(),
                  infraredWidthPx,
                  infraredHeightPx,
                  widthPx,
                  heightPx));
    }
    if (identity) {
      output.put(0, infrared, 0, pixels);
      return;
    }
    ByteBuffer source =
        infrared.order() == ByteOrder.LITTLE_ENDIAN
            ? infrared
            : infrared.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    for (int y = 0; y < heightPx; y++) {
      offsets.get(y * widthPx, offsetRow, 0, widthPx);
      weights.get(y * widthPx, weightRow, 0, widthPx);
      gather(source, infraredWidthPx, offsetRow, samples, outsideSamples);
      interpolate(samples, weightRow);
      narrow(samples, line);
      output.put(y * widthPx, line, 0, widthPx);
    }
  }

  /*
   * Three small loops instead of one: the first cannot be vectorized and does as little as it can,
   * the other two can. Together they take a third of the time of one loop that does everything.
   *
   * Bounds: put() stores only offsets y0 * width + x0 with 0 <= x0 <= width - 2 and 0 <= y0 <=
   * height - 2. The two-byte reads at o and o + width therefore end at or before (height - 1) *
   * width + (width - 1), the last sample.
   */
  private static void gather(
      ByteBuffer source, int stride, int[] offsets, int[] samples, int outside) {
    for (int x = 0; x < samples.length; x++) {
      int o = offsets[x];
      samples[x] =
          o < 0 ? outside : (source.getShort(o) & 0xffff) | (source.getShort(o + stride) << 16);
    }
  }

  /*
   * Each int holds upper left, upper right, lower left and lower right from its lowest byte on. Two
   * columns of 16 bits are mixed at a time: weights are 0 to 256, so that a lane is at most 255 *
   * 256 and does not touch the next.
   */
  private static void interpolate(int[] samples, int[] weights) {
    for (int x = 0; x < samples.length; x++) {
      int four = samples[x];
      int right = weights[x] & 0xffff;
      int below = weights[x] >>> 16;
      int rows = (four & 0xff00ff) * (ONE - right) + ((four >>> 8) & 0xff00ff) * right;
      samples[x] = ((rows & 0xffff) * (ONE - below) + (rows >>> 16) * below + 0x8000) >>> 16;
    }
  }

  private static void narrow(int[] samples, byte[] line) {
    for (int x = 0; x < line.length; x++) {
      line[x] = (byte) samples[x];
    }
  }

  /** A pixel covers half a pixel around its centre; up to there the edge sample is repeated. */
  private boolean inPicture(double x, double y) {
    return x >= -0.5 && x <= infraredWidthPx - 0.5 && y >= -0.5 && y <= infraredHeightPx - 0.5;
  }

  private void put(int pixel, double x, double y) {
    double clampedX = Math.max(0, Math.min(x, infraredWidthPx - 1));
    double clampedY = Math.max(0, Math.min(y, infraredHeightPx - 1));
    int x0 = Math.min((int) clampedX, infraredWidthPx - 2);
    int y0 = Math.min((int) clampedY, infraredHeightPx - 2);
    int right = (int) Math.round((clampedX - x0) * ONE);
    int below = (int) Math.round((clampedY - y0) * ONE);
    offsets.put(pixel, y0 * infraredWidthPx + x0);
    weights.put(pixel, right | below << 16);
  }

  private static IntBuffer direct(int ints) {
    return ByteBuffer.allocateDirect(4 * ints).order(ByteOrder.nativeOrder()).asIntBuffer();
  }
}
