package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import java.util.Arrays;

/**
 * Tints the chroma of labelled regions and draws their outlines in luma. Works on runs of equal
 * labels, found eight and more at a time, so that unlabelled parts cost nearly nothing. One thread
 * at a time.
 */
final class ClassTint {

  private static final int LABELS = 256;
  private static final int FULL_HD_PX = 1080;
  private static final int HD_PX = 720;

  private final ClassPalette classes;
  private final byte[][] tintU = new byte[LABELS][];
  private final byte[][] tintV = new byte[LABELS][];
  private final boolean[] shown = new boolean[LABELS];
  private final byte[] outline = new byte[LABELS];
  private OverlaySettings settings;

  private byte[] labels = new byte[0];
  private byte[] above = new byte[0];
  private byte[] below = new byte[0];
  private int[] lumaStart = new int[0];
  private int[] chromaStart = new int[0];
  private int mappedWidthPx;
  private byte[] first = new byte[0];
  private byte[] second = new byte[0];

  ClassTint(ClassPalette classes, OverlaySettings settings) {
    this.classes = classes;
    this.settings = settings;
    makeTables();
  }

  /** Draws the classes that the settings show onto an I420 picture. */
  void draw(LabelMap map, OverlaySettings wanted, Frame target) {
    if (!wanted.equals(settings)) {
      settings = wanted;
      makeTables();
    }
    prepare(map, target.format());
    tint(map, target);
    outline(map, target);
  }

  private void makeTables() {
    Arrays.fill(shown, false);
    int weight = (int) Math.round(settings.opacity() * 256);
    for (ClassPalette.Entry entry : classes.entries()) {
      if (entry.id() >= LABELS || !settings.shows(entry.id())) {
        continue;
      }
      Yuv colour = Yuv.ofRgb(entry.rgb());
      shown[entry.id()] = true;
      outline[entry.id()] = (byte) colour.y();
      tintU[entry.id()] = mixTable(colour.u(), weight);
      tintV[entry.id()] = mixTable(colour.v(), weight);
    }
  }

  private static byte[] mixTable(int chroma, int weight) {
    byte[] table = new byte[256];
    for (int old = 0; old < 256; old++) {
      table[old] = (byte) ((old * (256 - weight) + chroma * weight + 128) >> 8);
    }
    return table;
  }

  /** First picture column of every label column: the one whose centre is the first within it. */
  private void prepare(LabelMap map, FrameFormat picture) {
    int labelWidth = map.widthPx();
    int width = picture.widthPx();
    if (labels.length == labelWidth && mappedWidthPx == width) {
      return;
    }
    mappedWidthPx = width;
    labels = new byte[labelWidth];
    above = new byte[labelWidth];
    below = new byte[labelWidth];
    first = new byte[width];
    second = new byte[width];
    lumaStart = new int[labelWidth + 1];
    chromaStart = new int[labelWidth + 1];
    int chromaWidth = picture.planeWidth(1);
    for (int l = 0; l <= labelWidth; l++) {
      long edge = (long) l * width;
      lumaStart[l] = (int) Math.min(width, ceil(2 * edge - labelWidth, 2L * labelWidth));
      chromaStart[l] = (int) Math.min(chromaWidth, ceil(edge - labelWidth, 2L * labelWidth));
    }
    lumaStart[labelWidth] = width;
    chromaStart[labelWidth] = chromaWidth;
  }

  private static long ceil(long dividend, long divisor) {
    return Math.max(0, -Math.floorDiv(-dividend, divisor));
  }

  /*
   * Bounds: label rows are below the map's height because the row is clamped; runs end at the
   * map's width, and chromaStart and lumaStart of it are the widths of the planes.
   */
  private void tint(LabelMap map, Frame target) {
    FrameFormat format = target.format();
    int chromaWidth = format.planeWidth(1);
    int chromaHeight = format.planeHeight(1);
    for (int row = 0; row < chromaHeight; row++) {
      load(labels, map, labelRow(map, format, 4 * row + 2));
      boolean touched = false;
      int start = 0;
      while (start < labels.length) {
        int end = runEnd(labels, start);
        int label = labels[start] & 0xff;
        if (shown[label]) {
          if (!touched) {
            target.plane(1).get(row * chromaWidth, first, 0, chromaWidth);
            target.plane(2).get(row * chromaWidth, second, 0, chromaWidth);
            touched = true;
          }
          apply(tintU[label], first, chromaStart[start], chromaStart[end]);
          apply(tintV[label], second, chromaStart[start], chromaStart[end]);
        }
        start = end;
      }
      if (touched) {
        target.plane(1).put(row * chromaWidth, first, 0, chromaWidth);
        target.plane(2).put(row * chromaWidth, second, 0, chromaWidth);
      }
    }
  }

  private void outline(LabelMap map, Frame target) {
    FrameFormat format = target.format();
    int width = format.widthPx();
    int height = format.heightPx();
    int thick = height >= FULL_HD_PX ? 3 : height >= HD_PX ? 2 : 1;
    for (int row = 0; row < height; row++) {
      int labelRow = labelRow(map, format, 2 * row + 1);
      int aboveRow = labelRow(map, format, 2 * Math.max(0, row - thick) + 1);
      int belowRow = labelRow(map, format, 2 * Math.min(height - 1, row + thick) + 1);
      load(labels, map, labelRow);
      boolean inner = aboveRow == labelRow && belowRow == labelRow;
      if (!inner) {
        load(above, map, aboveRow);
        load(below, map, belowRow);
      }
      boolean touched = false;
      int start = 0;
      while (start < labels.length) {
        int end = runEnd(labels, start);
        int label = labels[start] & 0xff;
        if (shown[label]) {
          if (!touched) {
            target.plane(0).get(row * width, first, 0, width);
            touched = true;
          }
          int from = lumaStart[start];
          int to = lumaStart[end];
          if (start > 0) {
            Arrays.fill(first, from, Math.min(to, from + thick), outline[label]);
          }
          if (end < labels.length) {
            Arrays.fill(first, Math.max(from, to - thick), to, outline[label]);
          }
          if (!inner) {
            border(above, start, end, label);
            border(below, start, end, label);
          }
        }
        start = end;
      }
      if (touched) {
        target.plane(0).put(row * width, first, 0, width);
      }
    }
  }

  /** Draws the parts of a run that have another class above or below. */
  private void border(byte[] other, int start, int end, int label) {
    int at = start;
    while (at < end) {
      int mismatch = Arrays.mismatch(labels, at, end, other, at, end);
      if (mismatch < 0) {
        return;
      }
      at += mismatch;
      Arrays.fill(first, lumaStart[at], lumaStart[at + 1], outline[label]);
      at++;
    }
  }

  /** End of the run of equal labels: where the row differs from itself one further on. */
  private static int runEnd(byte[] row, int start) {
    int mismatch = Arrays.mismatch(row, start, row.length - 1, row, start + 1, row.length);
    return mismatch < 0 ? row.length : start + mismatch + 1;
  }

  private static void apply(byte[] table, byte[] samples, int from, int to) {
    for (int i = from; i < to; i++) {
      samples[i] = table[samples[i] & 0xff];
    }
  }

  /** Label row at a height of the picture given in halves of a luma row. */
  private static int labelRow(LabelMap map, FrameFormat format, int halfRows) {
    long row = (long) halfRows * map.heightPx() / (2L * format.heightPx());
    return (int) Math.min(row, map.heightPx() - 1);
  }

  private static void load(byte[] row, LabelMap map, int labelRow) {
    map.labels().get(labelRow * row.length, row, 0, row.length);
  }
}
