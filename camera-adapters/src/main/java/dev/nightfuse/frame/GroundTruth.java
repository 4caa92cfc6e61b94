package dev.nightfuse.frame;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * What a simulated camera knows about the picture it made. Only tests, benchmarks and the overlay's
 * demonstration mode read it; a real camera's frames carry none.
 *
 * @param frameNumber number of the frame at the camera's own rate, dropped frames counted
 * @param trueCaptureNs scene time of the exposure on the {@link FrameClock}, before any simulated
 *     skew, jitter or drift
 * @param classMap one byte per pixel of the frame, row by row: index into {@link #CLASSES}; native
 *     memory owned by the frame, valid while the frame is; absolute reads only
 * @param infraredToVisible row-major 3x3 homography of the rig for far points, infrared pixels to
 *     visible pixels
 */
public record GroundTruth(
    long frameNumber, long trueCaptureNs, ByteBuffer classMap, List<Double> infraredToVisible) {

  /** MFNet's nine classes, in its order. */
  public static final List<String> CLASSES =
      List.of(
          "unlabelled",
          "car",
          "person",
          "bike",
          "curve",
          "car_stop",
          "guardrail",
          "color_cone",
          "bump");
}
