package dev.nightfuse.rtsp;

/** One message for every setting out of range. */
final class Ranges {
  private Ranges() {}

  static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "RTSP setting " + name + " is " + value + ", allowed is " + min + " to " + max);
    }
  }
}
