package dev.nightfuse.registration;

import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Lays 8-bit infrared pictures onto the visible picture, bilinear, by a table made once.
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
  private final boolean identity;
  private final byte outside;
  private final double coverage;

  /** Per output pixel: index of the upper left source sample, or OUTSIDE. Empty when identity. */
  private final ByteBuffer offsets;

  /** Per output pixel: weight of the right column, weight of the lower row, both 0 to ONE. */
  private final ByteBuffer weights;

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
    this.outside = (byte) outsideValue;
    this.line = new byte[widthPx];
    int pixels = Math.multiplyExact(widthPx, heightPx);
    ByteBuffer offsetTable = direct(4 * pixels);
    ByteBuffer weightTable = direct(4 * pixels);
    Projection projection = new Projection(calibration);
    boolean same = infraredWidthPx == widthPx && infraredHeightPx == heightPx;
    int inside = 0;
    for (int y = 0; y < heightPx; y++) {
      for (int x = 0; x < widthPx; x++) {
        int pixel = y * widthPx + x;
        boolean seen = projection.map(x, y) && inPicture(projection.x(), projection.y());
        if (seen) {
          inside++;
          fill(offsetTable, weightTable, pixel, projection.x(), projection.y());
          same &= Math.abs(projection.x() - x) + Math.abs(projection.y() - y) < 1.0 / ONE;
        } else {
          offsetTable.putInt(4 * pixel, OUTSIDE);
          same = false;
        }
      }
    }
    this.identity = same;
    this.coverage = (double) inside / pixels;
    this.offsets = same ? direct(0) : offsetTable;
    this.weights = same ? direct(0) : weightTable;
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
      remapLine(source, y * widthPx);
      output.put(y * widthPx, line, 0, widthPx);
    }
  }

  /*
   * Bounds: fill() stores only offsets y0 * width + x0 with 0 <= x0 <= width - 2 and 0 <= y0 <=
   * height - 2. The two-byte reads at o and o + width therefore end at or before (height - 1) *
   * width + (width - 1), the last sample. Weights are 0 to 256, so that a lane of the packed sum is
   * at most 255 * 256 and the two 16-bit lanes do not touch.
   */
  private void remapLine(ByteBuffer infrared, int first) {
    int stride = infraredWidthPx;
    for (int x = 0; x < line.length; x++) {
      int entry = 4 * (first + x);
      int o = offsets.getInt(entry);
      if (o < 0) {
        line[x] = outside;
        continue;
      }
      int weight = weights.getInt(entry);
      int right = weight & 0xffff;
      int below = weight >>> 16;
      int top = infrared.getShort(o);
      int bottom = infrared.getShort(o + stride);
      int leftPair = (top & 0xff) | (bottom & 0xff) << 16;
      int rightPair = (top >>> 8 & 0xff) | (bottom & 0xff00) << 8;
      int rows = leftPair * (ONE - right) + rightPair * right;
      line[x] = (byte) (((rows & 0xffff) * (ONE - below) + (rows >>> 16) * below + 0x8000) >>> 16);
    }
  }

  /** A pixel covers half a pixel around its centre; up to there the edge sample is repeated. */
  private boolean inPicture(double x, double y) {
    return x >= -0.5 && x <= infraredWidthPx - 0.5 && y >= -0.5 && y <= infraredHeightPx - 0.5;
  }

  private void fill(ByteBuffer offsetTable, ByteBuffer weightTable, int pixel, double x, double y) {
    double clampedX = Math.max(0, Math.min(x, infraredWidthPx - 1));
    double clampedY = Math.max(0, Math.min(y, infraredHeightPx - 1));
    int x0 = Math.min((int) clampedX, infraredWidthPx - 2);
    int y0 = Math.min((int) clampedY, infraredHeightPx - 2);
    int right = (int) Math.round((clampedX - x0) * ONE);
    int below = (int) Math.round((clampedY - y0) * ONE);
    offsetTable.putInt(4 * pixel, y0 * infraredWidthPx + x0);
    weightTable.putInt(4 * pixel, right | below << 16);
  }

  private static ByteBuffer direct(int sizeBytes) {
    return ByteBuffer.allocateDirect(sizeBytes).order(ByteOrder.nativeOrder());
  }
}
