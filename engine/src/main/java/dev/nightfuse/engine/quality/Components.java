package dev.nightfuse.engine.quality;

import java.util.ArrayList;
import java.util.List;

/** Connected components of a label map. */
public final class Components {

  private Components() {}

  /**
   * Boxes around the components of a class; pixels that touch at a corner belong together.
   *
   * @param leastPixels smaller components are left out
   */
  public static List<PixelBox> boxes(
      byte[] labels, int widthPx, int heightPx, int classId, int leastPixels) {
    List<PixelBox> boxes = new ArrayList<>();
    boolean[] seen = new boolean[labels.length];
    // Each pixel enters once, so the stack never outgrows the picture.
    int[] stack = new int[labels.length];
    for (int start = 0; start < labels.length; start++) {
      if (seen[start] || (labels[start] & 0xff) != classId) {
        continue;
      }
      int left = widthPx;
      int right = 0;
      int top = heightPx;
      int bottom = 0;
      int pixels = 0;
      int depth = 0;
      stack[depth++] = start;
      seen[start] = true;
      while (depth > 0) {
        int pixel = stack[--depth];
        int x = pixel % widthPx;
        int y = pixel / widthPx;
        pixels++;
        left = Math.min(left, x);
        right = Math.max(right, x);
        top = Math.min(top, y);
        bottom = Math.max(bottom, y);
        for (int ny = Math.max(y - 1, 0); ny <= Math.min(y + 1, heightPx - 1); ny++) {
          for (int nx = Math.max(x - 1, 0); nx <= Math.min(x + 1, widthPx - 1); nx++) {
            int next = ny * widthPx + nx;
            if (!seen[next] && (labels[next] & 0xff) == classId) {
              seen[next] = true;
              stack[depth++] = next;
            }
          }
        }
      }
      if (pixels >= leastPixels) {
        boxes.add(new PixelBox(left, top, right + 1, bottom + 1));
      }
    }
    return boxes;
  }
}
