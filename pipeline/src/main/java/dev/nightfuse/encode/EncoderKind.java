package dev.nightfuse.encode;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The H.264 encoders this program knows how to drive, best first. All are set up for live video: no
 * B-frames, one reference, no look-ahead.
 */
public enum EncoderKind {
  /** Jetson's encoder. Orin Nano has none, although the element is there. */
  NVV4L2("nvv4l2h264enc", true, "/dev/v4l2-nvenc /dev/nvhost-msenc") {
    @Override
    String chain(EncoderSettings s) {
      return "nvvidconv ! video/x-raw(memory:NVMM),format=NV12 ! nvv4l2h264enc control-rate=1"
          + " bitrate=%d iframeinterval=%d idrinterval=%d insert-sps-pps=true insert-vui=true"
              .formatted(s.bitrateKbit() * 1000, s.keyIntervalFrames(), s.keyIntervalFrames())
          + " num-B-Frames=0 preset-level=1 maxperf-enable=true";
    }
  },
  /** NVENC of a desktop or server GPU. Compute cards such as A100 and H100 have none. */
  NVENC("nvh264enc", true, "/dev/nvidia[0-9]*") {
    @Override
    String chain(EncoderSettings s) {
      return "nvh264enc preset=low-latency-hq rc-mode=cbr zerolatency=true bframes=0"
          + " bitrate=%d gop-size=%d".formatted(s.bitrateKbit(), s.keyIntervalFrames());
    }
  },
  /** Intel and AMD through VA-API. */
  VA("vah264enc", true, "/dev/dri/renderD*") {
    @Override
    String chain(EncoderSettings s) {
      return "videoconvert n-threads=1 ! video/x-raw,format=NV12 ! vah264enc b-frames=0 ref-frames=1"
          + " bitrate=%d key-int-max=%d".formatted(s.bitrateKbit(), s.keyIntervalFrames());
    }
  },
  /** The processor; always works where it is installed. */
  X264("x264enc", false, "") {
    @Override
    String chain(EncoderSettings s) {
      // One thread: views run side by side, and slices of several threads cost bits and wake-ups.
      return "x264enc tune=zerolatency threads=1 bframes=0 ref=1 aud=false vbv-buf-capacity=500"
          + " speed-preset=%s bitrate=%d key-int-max=%d"
              .formatted(s.preset(), s.bitrateKbit(), s.keyIntervalFrames());
    }
  },
  /** Cisco's encoder, where x264 may not be shipped. */
  OPENH264("openh264enc", false, "") {
    @Override
    String chain(EncoderSettings s) {
      return "openh264enc complexity=low rate-control=bitrate multi-thread=1 slice-mode=n-slices"
          + " num-slices=1 bitrate=%d gop-size=%d"
              .formatted(s.bitrateKbit() * 1000, s.keyIntervalFrames());
    }
  };

  private final String element;
  private final boolean hardware;
  private final String nodes;

  EncoderKind(String element, boolean hardware, String nodes) {
    this.element = element;
    this.hardware = hardware;
    this.nodes = nodes;
  }

  /** From raw I420 to H.264 in the syntax of {@code gst-launch-1.0}. */
  abstract String chain(EncoderSettings settings);

  /** Name of the GStreamer element, which is also the name in the configuration. */
  public String element() {
    return element;
  }

  /** Whether it stands on a device, which has to be there and to be tried out of process. */
  public boolean hardware() {
    return hardware;
  }

  /** Device nodes, as globs, one of which must exist; empty for software. */
  List<String> nodes() {
    return nodes.isEmpty() ? List.of() : List.of(nodes.split(" ", -1));
  }

  /**
   * Frames that may be inside at once. Software takes one while the next waits; more would be
   * delay. Hardware is deep by nature.
   */
  int maxInFlight() {
    return hardware ? 6 : 2;
  }

  public static Optional<EncoderKind> byElement(String element) {
    return Arrays.stream(values()).filter(kind -> kind.element.equals(element)).findFirst();
  }
}
