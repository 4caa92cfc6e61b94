package dev.nightfuse.camera.simulated;

import java.util.Arrays;

/**
 * The raster that painters fill, far to near: one level, one class label and (visible only) one
 * chroma pair per 2x2 pixels. A level is scene light in 1/4096 of white for the visible camera, and
 * a temperature count for the infrared one. Scratch on the Java heap, made once, reused per frame.
 *
 * <p>All drawing is clipped here: after clipping, {@code 0 <= row < height} and {@code 0 <= from <=
 * to <= width}, so no index below leaves its array.
 */
final class Canvas {

  static final int MAX_LEVEL = 8191;
  static final int MAX_CHROMA = 75;
  private static final int LONG_SPAN = 24;

  final int width;
  final int height;
  final int chromaWidth;
  final int chromaHeight;
  final short[] level;
  final byte[] label;
  final byte[] cb;
  final byte[] cr;
  final boolean infrared;

  /** Left and right end of the last scanned shape, per row. */
  final float[] rowLeft;

  final float[] rowRight;
  int topRow;
  int bottomRow;

  private final float[] cornerX = new float[4];
  private final float[] cornerY = new float[4];

  int ink;
  int inkCb;
  int inkCr;
  byte inkLabel;

  Canvas(int width, int height, boolean infrared) {
    this.width = width;
    this.height = height;
    this.infrared = infrared;
    this.chromaWidth = infrared ? 0 : (width + 1) / 2;
    this.chromaHeight = infrared ? 0 : (height + 1) / 2;
    this.level = new short[width * height];
    this.label = new byte[width * height];
    this.cb = new byte[chromaWidth * chromaHeight];
    this.cr = new byte[chromaWidth * chromaHeight];
    this.rowLeft = new float[height];
    this.rowRight = new float[height];
  }

  /** What is painted first, sky, road and far walls, is of no class and need not say so. */
  void clearLabels() {
    Arrays.fill(label, (byte) 0);
  }

  /** Ink for a surface: {@code reflectance} under {@code light}, or its temperature. */
  void surface(float reflectance, float light, int cb128, int cr128, float celsius, int classId) {
    if (infrared) {
      ink = Thermal.counts(celsius);
    } else {
      ink = Math.min(MAX_LEVEL, (int) (reflectance * light));
      tint(cb128, cr128);
    }
    inkLabel = (byte) classId;
  }

  /** Ink for a thing that shines by itself. */
  void glowing(float light, int cb128, int cr128, float celsius, int classId) {
    surface(1, light, cb128, cr128, celsius, classId);
  }

  /** Chroma as it would be at half brightness, weakened with the ink's brightness. */
  private void tint(int cb128, int cr128) {
    int tone = Tone.luma(ink) - 16;
    inkCb = Math.max(-MAX_CHROMA, Math.min(MAX_CHROMA, cb128 * tone / 110));
    inkCr = Math.max(-MAX_CHROMA, Math.min(MAX_CHROMA, cr128 * tone / 110));
  }

  /** One row of a shape; ends cover their pixels in part. */
  void span(int row, float left, float right) {
    if (row < 0 || row >= height || right <= left || right <= 0 || left >= width) {
      return;
    }
    float l = Math.max(left, 0);
    float r = Math.min(right, width);
    int from = (int) l;
    int to = (int) r;
    int base = row * width;
    if (from == to) {
      blend(base + from, r - l);
    } else {
      if (l > from) {
        blend(base + from, from + 1 - l);
        from++;
      }
      if (to < width && r > to) {
        blend(base + to, r - to);
      }
      fill(base + from, base + to);
    }
    chroma(row, l, r);
  }

  /** Most spans are limbs and wheels, too short for the library's way to pay. */
  private void fill(int from, int to) {
    if (to - from > LONG_SPAN) {
      Arrays.fill(level, from, to, (short) ink);
      Arrays.fill(label, from, to, inkLabel);
      return;
    }
    for (int at = from; at < to; at++) {
      level[at] = (short) ink;
      label[at] = inkLabel;
    }
  }

  private void blend(int at, float cover) {
    level[at] += (short) ((ink - level[at]) * cover);
    if (cover >= 0.5f) {
      label[at] = inkLabel;
    }
  }

  /** Gives the row's chroma to the ink; its levels stay. */
  void chroma(int row, float left, float right) {
    if (infrared || (row & 1) != 0) {
      return;
    }
    int base = (row >> 1) * chromaWidth;
    int from = base + Math.min(chromaWidth, (int) (left * 0.5f + 0.5f));
    int to = base + Math.min(chromaWidth, (int) (right * 0.5f + 0.5f));
    if (from < to) {
      Arrays.fill(cb, from, to, (byte) inkCb);
      Arrays.fill(cr, from, to, (byte) inkCr);
    }
  }

  void rect(float left, float top, float right, float bottom) {
    int last = Math.min(height - 1, (int) Math.floor(bottom - 0.5f));
    for (int row = Math.max(0, (int) Math.ceil(top - 0.5f)); row <= last; row++) {
      span(row, left, right);
    }
  }

  void quad(float x0, float y0, float x1, float y1, float x2, float y2, float x3, float y3) {
    scanQuad(x0, y0, x1, y1, x2, y2, x3, y3);
    for (int row = topRow; row <= bottomRow; row++) {
      span(row, rowLeft[row], rowRight[row]);
    }
  }

  /** A quadrilateral whose level changes evenly from its top row to its bottom row. */
  void shadedQuad(
      float x0,
      float y0,
      float x1,
      float y1,
      float x2,
      float y2,
      float x3,
      float y3,
      int inkTop,
      int inkBottom) {
    scanQuad(x0, y0, x1, y1, x2, y2, x3, y3);
    float yTop = Math.min(Math.min(y0, y1), Math.min(y2, y3));
    float yBottom = Math.max(Math.max(y0, y1), Math.max(y2, y3));
    float slope = (inkBottom - inkTop) / Math.max(1, yBottom - yTop);
    for (int row = topRow; row <= bottomRow; row++) {
      ink = inkTop + (int) ((row + 0.5f - yTop) * slope);
      span(row, rowLeft[row], rowRight[row]);
    }
  }

  /** Fills {@link #rowLeft} and {@link #rowRight} for a convex quadrilateral. */
  void scanQuad(float x0, float y0, float x1, float y1, float x2, float y2, float x3, float y3) {
    cornerX[0] = x0;
    cornerX[1] = x1;
    cornerX[2] = x2;
    cornerX[3] = x3;
    cornerY[0] = y0;
    cornerY[1] = y1;
    cornerY[2] = y2;
    cornerY[3] = y3;
    float top = Math.min(Math.min(y0, y1), Math.min(y2, y3));
    float bottom = Math.max(Math.max(y0, y1), Math.max(y2, y3));
    topRow = Math.max(0, (int) Math.ceil(top - 0.5f));
    bottomRow = Math.min(height - 1, (int) Math.floor(bottom - 0.5f));
    if (topRow > bottomRow) {
      return;
    }
    Arrays.fill(rowLeft, topRow, bottomRow + 1, Float.MAX_VALUE);
    Arrays.fill(rowRight, topRow, bottomRow + 1, -Float.MAX_VALUE);
    for (int i = 0; i < 4; i++) {
      int j = (i + 1) & 3;
      scanEdge(cornerX[i], cornerY[i], cornerX[j], cornerY[j]);
    }
  }

  private void scanEdge(float xa, float ya, float xb, float yb) {
    float x0 = ya <= yb ? xa : xb;
    float y0 = Math.min(ya, yb);
    float x1 = ya <= yb ? xb : xa;
    float y1 = Math.max(ya, yb);
    int from = Math.max(topRow, (int) Math.ceil(y0 - 0.5f));
    int to = Math.min(bottomRow, (int) Math.floor(y1 - 0.5f));
    if (from > to) {
      return;
    }
    float slope = (x1 - x0) / Math.max(1e-6f, y1 - y0);
    float x = x0 + (from + 0.5f - y0) * slope;
    // Comparisons, because Math.min and Math.max take care of NaN and zeros' signs, at a price.
    for (int row = from; row <= to; row++) {
      if (x < rowLeft[row]) {
        rowLeft[row] = x;
      }
      if (x > rowRight[row]) {
        rowRight[row] = x;
      }
      x += slope;
    }
  }

  void ellipse(float x, float y, float radiusX, float radiusY) {
    int last = Math.min(height - 1, (int) Math.floor(y + radiusY - 0.5f));
    int first = Math.max(0, (int) Math.ceil(y - radiusY - 0.5f));
    if (first > last && radiusY > 0) {
      // Smaller than a row: still leaves its light.
      span((int) Math.floor(y), x - radiusX, x + radiusX);
      return;
    }
    for (int row = first; row <= last; row++) {
      float v = (row + 0.5f - y) / radiusY;
      float half = radiusX * (float) Math.sqrt(Math.max(0, 1 - v * v));
      span(row, x - half, x + half);
    }
  }

  /**
   * A rounded stick between two discs, such as a limb or a pole. {@code rim} is how much of the ink
   * is lost at its sides, 0 to 1.
   */
  void limb(float x0, float y0, float r0, float x1, float y1, float r1, float rim) {
    float dx = x1 - x0;
    float dy = y1 - y0;
    float length = Math.max(1e-3f, (float) Math.sqrt(dx * dx + dy * dy));
    float nx = -dy / length;
    float ny = dx / length;
    float top = Math.min(y0 - r0, y1 - r1);
    float bottom = Math.max(y0 + r0, y1 + r1);
    int first = Math.max(0, (int) Math.ceil(top - 0.5f));
    int last = Math.min(height - 1, (int) Math.floor(bottom - 0.5f));
    scanQuad(
        x0 + nx * r0,
        y0 + ny * r0,
        x1 + nx * r1,
        y1 + ny * r1,
        x1 - nx * r1,
        y1 - ny * r1,
        x0 - nx * r0,
        y0 - ny * r0);
    for (int row = first; row <= last; row++) {
      float left = Float.MAX_VALUE;
      float right = -Float.MAX_VALUE;
      if (row >= topRow && row <= bottomRow) {
        left = rowLeft[row];
        right = rowRight[row];
      }
      float v = row + 0.5f - y0;
      if (Math.abs(v) < r0) {
        float half = (float) Math.sqrt(r0 * r0 - v * v);
        left = Math.min(left, x0 - half);
        right = Math.max(right, x0 + half);
      }
      v = row + 0.5f - y1;
      if (Math.abs(v) < r1) {
        float half = (float) Math.sqrt(r1 * r1 - v * v);
        left = Math.min(left, x1 - half);
        right = Math.max(right, x1 + half);
      }
      roundedSpan(row, left, right, rim);
    }
  }

  private void roundedSpan(int row, float left, float right, float rim) {
    float thick = right - left;
    if (rim <= 0 || thick < 3) {
      span(row, left, right);
      return;
    }
    int full = ink;
    float side = thick * 0.22f;
    ink = (int) (full * (1 - rim));
    span(row, left, right);
    ink = full;
    int from = row * width + (int) Math.max(0, left + side + 0.5f);
    int to = row * width + (int) Math.min(width, right - side + 0.5f);
    for (int at = from; at < to; at++) {
      level[at] = (short) full;
    }
  }
}
