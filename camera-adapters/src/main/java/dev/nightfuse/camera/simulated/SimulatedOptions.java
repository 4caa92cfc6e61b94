package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code simulated:} address asks for. Both cameras of a rig may be given the same address;
 * each takes what concerns it.
 *
 * @param fpsMilli visible frames per 1000 seconds
 * @param infraredFpsMilli infrared frames per 1000 seconds
 * @param frames number of frame periods to run for, 0 for no end
 * @param skewNs added to the infrared camera's capture stamps
 * @param jitterNs greatest deviation of any capture stamp
 * @param driftPpm error of the infrared camera's clock rate
 * @param drop share of frames that get lost
 * @param ffcEveryNs time between the infrared camera's flat-field corrections, 0 for none
 * @param ffcRepeats whether the camera repeats its last picture meanwhile and tells nothing, or
 *     stops
 * @param freezeEveryNs time between the visible camera's hangs, in which it repeats its last
 *     picture, 0 for none
 * @param freezeMs how long one that repeats may do so unnoticed, 0 for ever
 * @param baselineM sideways distance of the infrared camera from the visible one
 * @param lose the camera that fails once, or null
 */
record SimulatedOptions(
    long seed,
    int width,
    int height,
    int fpsMilli,
    int infraredWidth,
    int infraredHeight,
    int infraredFpsMilli,
    long frames,
    boolean identity,
    boolean truth,
    long skewNs,
    long jitterNs,
    double driftPpm,
    double drop,
    long ffcEveryNs,
    long ffcNs,
    boolean ffcRepeats,
    long freezeEveryNs,
    long freezeForNs,
    long freezeMs,
    double baselineM,
    @Nullable Modality lose,
    long loseAtNs,
    long loseForNs) {

  static final List<String> KEYS =
      List.of(
          "seed",
          "size",
          "fps",
          "ir_size",
          "ir_fps",
          "frames",
          "rig",
          "truth",
          "skew_ms",
          "jitter_ms",
          "drift_ppm",
          "drop",
          "ffc_every_s",
          "ffc_ms",
          "ffc",
          "freeze_every_s",
          "freeze_for_s",
          "freeze_ms",
          "parallax_m",
          "lose",
          "lose_at_s",
          "lose_for_s");

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");
  private static final int MIN_WIDTH = 160;
  private static final int MIN_HEIGHT = 120;
  private static final int MAX_WIDTH = 1920;
  private static final int MAX_HEIGHT = 1200;

  static SimulatedOptions parse(CameraUri uri) throws CameraException {
    if (!uri.rest().equals("night")) {
      throw wrong(uri, "scene", uri.rest(), "night");
    }
    for (String key : uri.options().keySet()) {
      if (!KEYS.contains(key)) {
        throw new CameraException(
            "%s: unknown option \"%s\"; allowed: %s".formatted(uri, key, String.join(", ", KEYS)));
      }
    }
    int[] size = size(uri, "size", new int[] {640, 480});
    int[] infraredSize = size(uri, "ir_size", size);
    long ffcNs = (long) (number(uri, "ffc_ms", 600, 10, 60_000) * 1e6);
    long ffcEveryNs = seconds(uri, "ffc_every_s", 0, 86_400);
    if (ffcEveryNs > 0 && ffcEveryNs <= ffcNs) {
      throw wrong(uri, "ffc_every_s", option(uri, "ffc_every_s", "0"), "0 or more than ffc_ms");
    }
    long freezeForNs = (long) (number(uri, "freeze_for_s", 5, 0.01, 86_400) * 1e9);
    long freezeEveryNs = seconds(uri, "freeze_every_s", 0, 86_400);
    if (freezeEveryNs > 0 && freezeEveryNs <= freezeForNs) {
      throw wrong(
          uri, "freeze_every_s", option(uri, "freeze_every_s", "0"), "0 or more than freeze_for_s");
    }
    return new SimulatedOptions(
        whole(uri, "seed", 1, 0, Long.MAX_VALUE),
        size[0],
        size[1],
        (int) Math.round(number(uri, "fps", 30, 1, 240) * 1000),
        infraredSize[0],
        infraredSize[1],
        (int) Math.round(number(uri, "ir_fps", 30, 1, 240) * 1000),
        whole(uri, "frames", 0, 0, Long.MAX_VALUE),
        choice(uri, "rig", List.of("mounted", "identity")).equals("identity"),
        choice(uri, "truth", List.of("true", "false")).equals("true"),
        (long) (number(uri, "skew_ms", 0, -1000, 1000) * 1e6),
        (long) (number(uri, "jitter_ms", 0, 0, 1000) * 1e6),
        number(uri, "drift_ppm", 0, -10_000, 10_000),
        number(uri, "drop", 0, 0, 1),
        ffcEveryNs,
        ffcNs,
        choice(uri, "ffc", List.of("stop", "repeat")).equals("repeat"),
        freezeEveryNs,
        freezeForNs,
        whole(uri, "freeze_ms", 300, 0, 60_000),
        number(uri, "parallax_m", 0, -2, 2),
        lose(uri),
        seconds(uri, "lose_at_s", 10, 86_400),
        seconds(uri, "lose_for_s", 5, 86_400));
  }

  int fpsMilli(Modality modality) {
    return modality == Modality.VISIBLE ? fpsMilli : infraredFpsMilli;
  }

  Mount mount() {
    return new Mount(width, height, infraredWidth, infraredHeight, identity);
  }

  private static @Nullable Modality lose(CameraUri uri) throws CameraException {
    List<String> allowed = new ArrayList<>(List.of("none"));
    for (Modality modality : Modality.values()) {
      allowed.add(modality.label());
    }
    String text = choice(uri, "lose", allowed);
    return text.equals("none") ? null : Modality.valueOf(text.toUpperCase(Locale.ROOT));
  }

  private static String option(CameraUri uri, String key, String fallback) {
    String text = uri.option(key);
    return text == null ? fallback : text;
  }

  /** One of a list of words; the first is the default. */
  private static String choice(CameraUri uri, String key, List<String> allowed)
      throws CameraException {
    String text = option(uri, key, allowed.get(0));
    if (!allowed.contains(text)) {
      throw wrong(uri, key, text, String.join(" or ", allowed));
    }
    return text;
  }

  private static int[] size(CameraUri uri, String key, int[] fallback) throws CameraException {
    String text = uri.option(key);
    if (text == null) {
      return fallback;
    }
    Matcher matcher = SIZE.matcher(text);
    if (matcher.matches()) {
      int width = Integer.parseInt(matcher.group(1));
      int height = Integer.parseInt(matcher.group(2));
      if (width >= MIN_WIDTH
          && width <= MAX_WIDTH
          && height >= MIN_HEIGHT
          && height <= MAX_HEIGHT
          && (width | height) % 2 == 0) {
        return new int[] {width, height};
      }
    }
    throw wrong(
        uri,
        key,
        text,
        "WIDTHxHEIGHT in even pixels, %dx%d to %dx%d"
            .formatted(MIN_WIDTH, MIN_HEIGHT, MAX_WIDTH, MAX_HEIGHT));
  }

  private static long whole(CameraUri uri, String key, long fallback, long low, long high)
      throws CameraException {
    String text = uri.option(key);
    if (text == null) {
      return fallback;
    }
    try {
      long value = Long.parseLong(text);
      if (value >= low && value <= high) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message.
    }
    throw wrong(
        uri,
        key,
        text,
        "a whole number from " + low + (high == Long.MAX_VALUE ? " up" : " to " + high));
  }

  private static long seconds(CameraUri uri, String key, double fallback, double high)
      throws CameraException {
    return (long) (number(uri, key, fallback, 0, high) * 1e9);
  }

  private static double number(CameraUri uri, String key, double fallback, double low, double high)
      throws CameraException {
    String text = uri.option(key);
    if (text == null) {
      return fallback;
    }
    try {
      double value = Double.parseDouble(text);
      if (value >= low && value <= high) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Falls through to the message.
    }
    throw wrong(uri, key, text, "a number from " + plain(low) + " to " + plain(high));
  }

  private static String plain(double value) {
    return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
  }

  private static CameraException wrong(CameraUri uri, String key, String value, String allowed) {
    return new CameraException(
        "%s: %s=\"%s\" is not possible; allowed: %s".formatted(uri, key, value, allowed));
  }
}
