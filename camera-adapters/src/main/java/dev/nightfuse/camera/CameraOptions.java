package dev.nightfuse.camera;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The options of a {@link CameraUri}, read with a type and checked. Messages name the address, the
 * option, its value and what is allowed. Immutable.
 */
public final class CameraOptions {

  private static final Pattern SIZE = Pattern.compile("(\\d{1,5})x(\\d{1,5})");

  private final CameraUri uri;

  /**
   * Checks the names of all options.
   *
   * @throws CameraException when one is not among {@code known}
   */
  public CameraOptions(CameraUri uri, String... known) throws CameraException {
    this.uri = uri;
    Set<String> unknown = new TreeSet<>(uri.options().keySet());
    Arrays.asList(known).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw new CameraException(
          "%s: unknown option %s; known are %s"
              .formatted(
                  uri,
                  unknown.stream().map(this::shown).collect(Collectors.joining(", ")),
                  Arrays.stream(known).map(this::shown).collect(Collectors.joining(", "))));
    }
  }

  /** Text, or null when not given. */
  public @Nullable String text(String key) {
    return uri.option(key);
  }

  /** {@code true} or {@code false}; a bare key is true. */
  public boolean flag(String key, boolean otherwise) throws CameraException {
    return choice(key, String.valueOf(otherwise), "true", "false").equals("true");
  }

  /** One of a set of words. */
  public String choice(String key, String otherwise, String... allowed) throws CameraException {
    String value = uri.option(key);
    if (value == null) {
      return otherwise;
    }
    String lower = value.toLowerCase(Locale.ROOT);
    if (!List.of(allowed).contains(lower)) {
      throw wrong(key, String.join(" or ", allowed));
    }
    return lower;
  }

  /** A whole number within bounds. */
  public int integer(String key, int otherwise, int min, int max) throws CameraException {
    String value = uri.option(key);
    if (value == null) {
      return otherwise;
    }
    try {
      int number = Integer.parseInt(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number out of bounds.
    }
    throw wrong(key, "a whole number from %d to %d".formatted(min, max));
  }

  /** A number within bounds. */
  public double number(String key, double otherwise, double min, double max)
      throws CameraException {
    String value = uri.option(key);
    if (value == null) {
      return otherwise;
    }
    try {
      double number = Double.parseDouble(value);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Answered below, like a number out of bounds.
    }
    throw wrong(key, "a number from %s to %s".formatted(min, max));
  }

  /** A picture size such as {@code 640x480}, or null when not given. */
  public @Nullable PictureSize size(String key) throws CameraException {
    String value = uri.option(key);
    if (value == null) {
      return null;
    }
    Matcher matcher = SIZE.matcher(value);
    if (matcher.matches()) {
      try {
        return new PictureSize(
            Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
      } catch (IllegalArgumentException e) {
        throw wrong(key, String.valueOf(e.getMessage()));
      }
    }
    throw wrong(key, "WIDTHxHEIGHT, such as 640x480");
  }

  /** Size and orientation: the options {@code size}, {@code rotate} and {@code flip}. */
  public Framing framing() throws CameraException {
    String degrees = choice("rotate", "0", "0", "90", "180", "270");
    String flip = choice("flip", "none", "none", "horizontal", "vertical");
    return new Framing(
        size("size"),
        new Orientation(
            Integer.parseInt(degrees), Orientation.Flip.valueOf(flip.toUpperCase(Locale.ROOT))));
  }

  /** The option {@code freeze_ms}: how long a camera may repeat a picture, 0 for ever. */
  public int freezeMs(int otherwise) throws CameraException {
    return integer("freeze_ms", otherwise, 0, 60_000);
  }

  /** What to throw when the value of an option is not allowed. */
  public CameraException wrong(String key, String allowed) {
    return new CameraException(
        "%s: %s=%s; allowed is %s".formatted(uri, shown(key), uri.option(key), allowed));
  }

  /** As the user writes it: ours begin with {@code nf.} where the others are the camera's. */
  private String shown(String key) {
    return uri.rest().startsWith("//") ? "nf." + key : key;
  }
}
