package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraOptions;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.PictureSize;
import java.util.List;
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

  private static final PictureSize USUAL_SIZE = new PictureSize(640, 480);
  private static final PictureSize SMALLEST = new PictureSize(160, 120);
  private static final PictureSize LARGEST = new PictureSize(1920, 1200);

  static SimulatedOptions parse(CameraUri uri) throws CameraException {
    if (!uri.rest().equals("night")) {
      throw new CameraException("%s: there is no such scene; allowed is night".formatted(uri));
    }
    CameraOptions given = new CameraOptions(uri, KEYS.toArray(String[]::new));
    PictureSize size = size(given, "size", USUAL_SIZE);
    PictureSize infraredSize = size(given, "ir_size", size);
    long ffcNs = (long) (given.number("ffc_ms", 600, 10, 60_000) * 1e6);
    long ffcEveryNs = seconds(given, "ffc_every_s", 0);
    if (ffcEveryNs > 0 && ffcEveryNs <= ffcNs) {
      throw given.wrong("ffc_every_s", "0 or more than ffc_ms");
    }
    long freezeForNs = (long) (given.number("freeze_for_s", 5, 0.01, 86_400) * 1e9);
    long freezeEveryNs = seconds(given, "freeze_every_s", 0);
    if (freezeEveryNs > 0 && freezeEveryNs <= freezeForNs) {
      throw given.wrong("freeze_every_s", "0 or more than freeze_for_s");
    }
    return new SimulatedOptions(
        given.integer("seed", 1, 0, Integer.MAX_VALUE),
        size.widthPx(),
        size.heightPx(),
        (int) Math.round(given.number("fps", 30, 1, 240) * 1000),
        infraredSize.widthPx(),
        infraredSize.heightPx(),
        (int) Math.round(given.number("ir_fps", 30, 1, 240) * 1000),
        given.integer("frames", 0, 0, Integer.MAX_VALUE),
        given.choice("rig", "mounted", "mounted", "identity").equals("identity"),
        given.flag("truth", true),
        (long) (given.number("skew_ms", 0, -1000, 1000) * 1e6),
        (long) (given.number("jitter_ms", 0, 0, 1000) * 1e6),
        given.number("drift_ppm", 0, -10_000, 10_000),
        given.number("drop", 0, 0, 1),
        ffcEveryNs,
        ffcNs,
        given.choice("ffc", "stop", "stop", "repeat").equals("repeat"),
        freezeEveryNs,
        freezeForNs,
        given.integer("freeze_ms", 300, 0, 60_000),
        given.number("parallax_m", 0, -2, 2),
        lose(given),
        seconds(given, "lose_at_s", 10),
        seconds(given, "lose_for_s", 5));
  }

  int fpsMilli(Modality modality) {
    return modality == Modality.VISIBLE ? fpsMilli : infraredFpsMilli;
  }

  Mount mount() {
    return new Mount(width, height, infraredWidth, infraredHeight, identity);
  }

  private static @Nullable Modality lose(CameraOptions given) throws CameraException {
    return switch (given.choice("lose", "none", "none", "visible", "infrared")) {
      case "visible" -> Modality.VISIBLE;
      case "infrared" -> Modality.INFRARED;
      default -> null;
    };
  }

  private static PictureSize size(CameraOptions given, String key, PictureSize otherwise)
      throws CameraException {
    PictureSize size = given.size(key);
    if (size == null) {
      return otherwise;
    }
    if (size.widthPx() < SMALLEST.widthPx()
        || size.heightPx() < SMALLEST.heightPx()
        || size.widthPx() > LARGEST.widthPx()
        || size.heightPx() > LARGEST.heightPx()
        || (size.widthPx() | size.heightPx()) % 2 != 0) {
      throw given.wrong(key, "%s to %s, in even pixels".formatted(SMALLEST, LARGEST));
    }
    return size;
  }

  private static long seconds(CameraOptions given, String key, double otherwise)
      throws CameraException {
    return (long) (given.number(key, otherwise, 0, 86_400) * 1e9);
  }
}
