package dev.nightfuse.camera.v4l2;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.PictureSize;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Chooses among a device's formats what was asked for, and where nothing was asked the best for the
 * modality: real bits before convenience for infrared (many thermal cameras offer a coloured
 * preview first), uncompressed before compressed for visible where the device is fast enough at it.
 *
 * @param size wanted size, or null
 * @param fps wanted rate, or 0
 * @param format wanted format's name, or null
 */
record FormatChoice(
    Modality modality, @Nullable PictureSize size, double fps, @Nullable String format) {

  private static final double FAST_ENOUGH_FPS = 24;
  private static final int USUAL_PIXELS = 640 * 480;

  /** The best of what fits, or empty when nothing does. */
  Optional<DeviceFormat> among(List<DeviceFormat> offered) {
    return offered.stream()
        .flatMap(offer -> offer.in(size).stream())
        .filter(this::fits)
        .min(
            Comparator.comparingInt(this::rank)
                .thenComparingLong(FormatChoice::distanceFromUsual)
                .thenComparing(Comparator.comparingDouble(DeviceFormat::usualFps).reversed()));
  }

  private boolean fits(DeviceFormat offer) {
    return (fps == 0 || offer.offers(fps)) && (format == null || offer.isCalled(format));
  }

  private int rank(DeviceFormat offer) {
    int bits = preference(offer.name());
    if (modality == Modality.INFRARED) {
      return bits;
    }
    boolean slow = fps == 0 && offer.usualFps() > 0 && offer.usualFps() < FAST_ENOUGH_FPS;
    return (slow ? 100 : 0) + bits;
  }

  private int preference(String name) {
    List<String> order =
        modality == Modality.INFRARED
            ? List.of(
                "GRAY16_LE",
                "GRAY16_BE",
                "GRAY8",
                "NV12",
                "I420",
                "YV12",
                "YUY2",
                "UYVY",
                "YVYU",
                "Y42B",
                "MJPEG")
            : List.of(
                "I420", "NV12", "YV12", "NV21", "YUY2", "UYVY", "YVYU", "Y42B", "BGR", "RGB",
                "MJPEG");
    int place = order.indexOf(name);
    return place < 0 ? order.size() : place;
  }

  /** Where no size is asked for: the nearest to 640x480, which is what the networks are fed. */
  private static long distanceFromUsual(DeviceFormat offer) {
    return Math.abs((long) offer.widthPx() * offer.heightPx() - USUAL_PIXELS);
  }
}
