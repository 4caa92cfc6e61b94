package dev.nightfuse.camera.v4l2;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The widths or heights that a device offers for a format: {@code leastPx}, and on in steps up to
 * {@code mostPx}. One number where both are equal.
 */
record SideRange(int leastPx, int mostPx, int stepPx) {

  private static final String NUMBER = "(\\d{1,9})";
  private static final Pattern FIXED = Pattern.compile(NUMBER);
  private static final Pattern RANGE =
      Pattern.compile(
          "\\[\\s*" + NUMBER + "\\s*,\\s*" + NUMBER + "\\s*(?:,\\s*" + NUMBER + "\\s*)?\\]");

  /** Reads {@code 640}, {@code [ 48, 4096 ]} or, in steps, {@code [ 48, 4096, 16 ]}, or null. */
  static @Nullable SideRange parse(String text) {
    if (FIXED.matcher(text).matches()) {
      int px = Integer.parseInt(text);
      return px == 0 ? null : new SideRange(px, px, 1);
    }
    Matcher range = RANGE.matcher(text);
    if (!range.matches()) {
      return null;
    }
    int step = range.group(3) == null ? 1 : Math.max(1, Integer.parseInt(range.group(3)));
    int least = Math.max(step, Integer.parseInt(range.group(1)));
    int most = Integer.parseInt(range.group(2));
    return least > most ? null : new SideRange(least, most, step);
  }

  boolean offers(int px) {
    return near(px) == px;
  }

  /** The longest that is offered and not longer than this, or the shortest. */
  int near(int px) {
    int within = Math.max(leastPx, Math.min(px, mostPx));
    return within - (within - leastPx) % stepPx;
  }
}
