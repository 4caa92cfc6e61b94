package dev.nightfuse.encode;

/**
 * How a view is encoded.
 *
 * @param framesPerSecond for rate control and descriptions; times of frames are real
 * @param bitrateKbit mean bit rate in kbit/s
 * @param preset speed preset of x264enc: {@code ultrafast} to {@code veryslow}
 * @param keyIntervalMs longest time between key frames
 * @param stallMs how long an encoder may keep a frame before it counts as dead
 */
public record EncoderSettings(
    double framesPerSecond, int bitrateKbit, String preset, long keyIntervalMs, long stallMs) {

  /** 30 fps, 2500 kbit/s, ultrafast, a key frame every two seconds, dead after two. */
  public static final EncoderSettings DEFAULT =
      new EncoderSettings(30, 2_500, "ultrafast", 2_000, 2_000);

  public EncoderSettings {
    check("frames per second", framesPerSecond, 1, 240);
    check("bit rate in kbit/s", bitrateKbit, 50, 100_000);
    check("key frame interval in ms", (double) keyIntervalMs, 100, 60_000);
    check("stall time in ms", (double) stallMs, 100, 60_000);
    if (!preset.matches("[a-z]{4,10}")) {
      throw new IllegalArgumentException(
          "encoder preset \"%s\": a name such as ultrafast".formatted(preset));
    }
  }

  EncoderSettings at(double otherFramesPerSecond) {
    return new EncoderSettings(otherFramesPerSecond, bitrateKbit, preset, keyIntervalMs, stallMs);
  }

  private static void check(String what, double value, double least, double most) {
    if (!(value >= least && value <= most)) {
      throw new IllegalArgumentException(
          "encoder %s %s: must be %s to %s".formatted(what, value, least, most));
    }
  }

  /**
   * Key frame distance for the encoder itself. Twice the wanted one: key frames are asked for by
   * capture time, which holds at every real frame rate; this is what remains if that fails.
   */
  int keyIntervalFrames() {
    return (int) Math.max(1, Math.round(2 * framesPerSecond * keyIntervalMs / 1000.0));
  }

  long keyIntervalNs() {
    return keyIntervalMs * 1_000_000;
  }

  long stallNs() {
    return stallMs * 1_000_000;
  }
}
