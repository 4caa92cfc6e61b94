package dev.nightfuse.camera.v4l2;

import dev.nightfuse.camera.PictureSize;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One format that a device offers, in one size or any of a range.
 *
 * @param media GStreamer's media type: {@code video/x-raw} or {@code image/jpeg}
 * @param format GStreamer's pixel format, or "" when compressed
 * @param rates frame rates as fractions such as {@code 30/1}; empty when the device gives none
 * @param ratesBetween whether rates are two, and all between them are offered too
 */
record DeviceFormat(
    String media,
    String format,
    SideRange width,
    SideRange height,
    List<String> rates,
    boolean ratesBetween) {

  static final String RAW = "video/x-raw";
  static final String JPEG = "image/jpeg";

  private static final Pattern FIELD =
      Pattern.compile("([a-z-]+)=\\(([a-zA-Z]+)\\)(\\{[^}]*\\}|\\[[^\\]]*\\]|[^,{\\[]+)");
  private static final Pattern FRACTION = Pattern.compile("\\d+/\\d+");

  /** Rates that differ by less are the same. */
  private static final double SAME_FPS = 0.01;

  /** What the networks are fed, and the usual rate: taken where nothing is asked for. */
  private static final PictureSize USUAL_SIZE = new PictureSize(640, 480);

  private static final double USUAL_FPS = 30;

  /** Reads the caps of a device's source, in text form. What has no size is left out. */
  static List<DeviceFormat> parse(String caps) {
    List<DeviceFormat> formats = new ArrayList<>();
    for (String structure : caps.split(";", -1)) {
      // Media types with features, such as memory:DMABuf, are for elements that we do not use.
      String media = structure.strip().split("[,\\s]", 2)[0];
      if (!media.equals(RAW) && !media.equals(JPEG)) {
        continue;
      }
      String pixels = "";
      SideRange width = null;
      SideRange height = null;
      List<String> rates = List.of();
      boolean between = false;
      Matcher field = FIELD.matcher(structure);
      while (field.find()) {
        String value = field.group(3).strip();
        switch (field.group(1)) {
          case "format" -> pixels = value;
          case "width" -> width = SideRange.parse(value);
          case "height" -> height = SideRange.parse(value);
          case "framerate" -> {
            rates = fractions(value);
            between = value.startsWith("[") && rates.size() == 2;
          }
          default -> {
            // Colorimetry and interlacing do not take part in the choice.
          }
        }
      }
      if (width != null && height != null) {
        for (String format : pixels.replaceAll("[{}\\s]|\\(string\\)", "").split(",", -1)) {
          formats.add(new DeviceFormat(media, format, width, height, rates, between));
        }
      }
    }
    return formats;
  }

  private static List<String> fractions(String text) {
    return FRACTION.matcher(text).results().map(java.util.regex.MatchResult::group).toList();
  }

  /**
   * This format in one size.
   *
   * @param size wanted size, or null for 640x480 or what comes nearest
   * @return empty where that size is not offered
   */
  Optional<DeviceFormat> in(@Nullable PictureSize size) {
    if (size != null && !(width.offers(size.widthPx()) && height.offers(size.heightPx()))) {
      return Optional.empty();
    }
    int widthPx = width.near((size == null ? USUAL_SIZE : size).widthPx());
    int heightPx = height.near((size == null ? USUAL_SIZE : size).heightPx());
    return Optional.of(
        new DeviceFormat(
            media,
            format,
            new SideRange(widthPx, widthPx, 1),
            new SideRange(heightPx, heightPx, 1),
            rates,
            ratesBetween));
  }

  /** Width of a format in one size. */
  int widthPx() {
    return width.leastPx();
  }

  /** Height of a format in one size. */
  int heightPx() {
    return height.leastPx();
  }

  /** Whether this rate is offered; a device that gives none may be asked for any. */
  boolean offers(double fps) {
    return rates.isEmpty() || Math.abs(offered(fps) - fps) < SAME_FPS;
  }

  /**
   * The rate where none is asked for: the highest, of a range the usual one; 0 if none is given.
   */
  double usualFps() {
    return ratesBetween
        ? offered(USUAL_FPS)
        : rates.stream().mapToDouble(DeviceFormat::value).max().orElse(0);
  }

  /** The offered rate nearest to {@code fps}. */
  private double offered(double fps) {
    if (ratesBetween) {
      return Math.max(value(rates.get(0)), Math.min(fps, value(rates.get(1))));
    }
    return value(rateNear(fps));
  }

  /** The text form of the rate nearest to {@code fps}. */
  String rateNear(double fps) {
    String best = Math.round(fps * 1000) + "/1000";
    double distance = ratesBetween ? SAME_FPS : Double.MAX_VALUE;
    for (String rate : rates) {
      if (Math.abs(value(rate) - fps) < distance) {
        distance = Math.abs(value(rate) - fps);
        best = rate;
      }
    }
    return best;
  }

  private static double value(String fraction) {
    int slash = fraction.indexOf('/');
    return Double.parseDouble(fraction.substring(0, slash))
        / Double.parseDouble(fraction.substring(slash + 1));
  }

  /** Whether {@code name} means this format: GStreamer's name, or the kernel's four characters. */
  boolean isCalled(String name) {
    String wanted =
        switch (name.toUpperCase(Locale.ROOT)) {
          case "Y16", "GRAY16" -> "GRAY16_LE";
          case "GREY", "Y8", "Y800" -> "GRAY8";
          case "YUYV" -> "YUY2";
          case "YU12" -> "I420";
          case "MJPG", "JPEG" -> "MJPEG";
          default -> name.toUpperCase(Locale.ROOT);
        };
    return wanted.equals(name());
  }

  /** The pixel format, or MJPEG. */
  String name() {
    return media.equals(JPEG) ? "MJPEG" : format;
  }

  @Override
  public String toString() {
    double fps = usualFps();
    String sizes = "%dx%d".formatted(width.leastPx(), height.leastPx());
    if (width.mostPx() > width.leastPx() || height.mostPx() > height.leastPx()) {
      sizes += " to %dx%d".formatted(width.mostPx(), height.mostPx());
    }
    return name() + " " + sizes + (fps > 0 ? "@%.4g".formatted(fps) : "");
  }
}
