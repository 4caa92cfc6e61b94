package dev.nightfuse.camera.v4l2;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One format and size that a device offers.
 *
 * @param media GStreamer's media type: {@code video/x-raw} or {@code image/jpeg}
 * @param format GStreamer's pixel format, or "" when compressed
 * @param rates frame rates as fractions such as {@code 30/1}; empty when the device gives none
 */
record DeviceFormat(String media, String format, int widthPx, int heightPx, List<String> rates) {

  static final String RAW = "video/x-raw";
  static final String JPEG = "image/jpeg";

  private static final Pattern FIELD =
      Pattern.compile("([a-z-]+)=\\(([a-zA-Z]+)\\)(\\{[^}]*\\}|[^,{]+)");
  private static final Pattern FRACTION = Pattern.compile("\\d+/\\d+");

  /** Reads the caps of a device's source, in text form. What is not a fixed size is left out. */
  static List<DeviceFormat> parse(String caps) {
    List<DeviceFormat> formats = new ArrayList<>();
    for (String structure : caps.split(";", -1)) {
      // Media types with features, such as memory:DMABuf, are for elements that we do not use.
      String media = structure.strip().split("[,\\s]", 2)[0];
      if (!media.equals(RAW) && !media.equals(JPEG)) {
        continue;
      }
      String pixels = "";
      int width = 0;
      int height = 0;
      List<String> rates = List.of();
      Matcher field = FIELD.matcher(structure);
      while (field.find()) {
        String value = field.group(3).strip();
        switch (field.group(1)) {
          case "format" -> pixels = value;
          case "width" -> width = number(value);
          case "height" -> height = number(value);
          case "framerate" -> rates = fractions(value);
          default -> {
            // Colorimetry and interlacing do not take part in the choice.
          }
        }
      }
      if (width > 0 && height > 0) {
        for (String format : pixels.replaceAll("[{}\\s]|\\(string\\)", "").split(",", -1)) {
          formats.add(new DeviceFormat(media, format, width, height, rates));
        }
      }
    }
    return formats;
  }

  private static int number(String text) {
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
  }

  private static List<String> fractions(String text) {
    return FRACTION.matcher(text).results().map(java.util.regex.MatchResult::group).toList();
  }

  /** Whether this rate is offered; a device that gives none may be asked for any. */
  boolean offers(double fps) {
    return rates.isEmpty() || rates.stream().anyMatch(rate -> Math.abs(value(rate) - fps) < 0.01);
  }

  /** The highest rate, or 0 when the device gives none. */
  double fastestFps() {
    return rates.stream().mapToDouble(DeviceFormat::value).max().orElse(0);
  }

  /** The text form of the rate nearest to {@code fps}. */
  String rateNear(double fps) {
    String best = Math.round(fps * 1000) + "/1000";
    double distance = Double.MAX_VALUE;
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
    double fps = fastestFps();
    return "%s %dx%d%s".formatted(name(), widthPx, heightPx, fps > 0 ? "@%.4g".formatted(fps) : "");
  }
}
