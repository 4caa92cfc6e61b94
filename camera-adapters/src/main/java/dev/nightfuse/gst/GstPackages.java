package dev.nightfuse.gst;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which Debian package brings which element, for messages. */
final class GstPackages {

  static final String ALL =
      "gstreamer1.0-plugins-base gstreamer1.0-plugins-good gstreamer1.0-plugins-bad"
          + " gstreamer1.0-plugins-ugly gstreamer1.0-libav";

  private static final Pattern NO_ELEMENT = Pattern.compile("no element \"([^\"]+)\"");

  private static final Pattern GOOD =
      Pattern.compile(
          "rtp.*|rtsp.*|udp.*|v4l2.*|jpeg.*|png.*|qt.*|mp4mux|matroska.*|multi.*|imagefreeze|y4m.*"
              + "|gdkpixbuf.*|av[ihd].*|deinterlace|videoflip|flac.*|vp[89].*|isomp4.*|mp4.*");
  private static final Pattern BAD =
      Pattern.compile(
          "h26[45].*|openh264.*|nvh.*|nv(jpeg|av1).*|va[a-z0-9]*|pnm.*|openjpeg.*|mpegts.*|ts.*");
  private static final Pattern BASE =
      Pattern.compile(
          "app(sink|src)|video(convert|scale|rate|testsrc|crop|convertscale)|(uri)?decodebin3?|parsebin"
              + "|playbin|audio.*|rawvideoparse|compositor");

  private GstPackages() {}

  static String packageOf(String element) {
    if (element.startsWith("avdec_") || element.startsWith("avenc_")) {
      return "gstreamer1.0-libav";
    }
    if (element.startsWith("x264")) {
      return "gstreamer1.0-plugins-ugly";
    }
    if (element.startsWith("nvv4l2")
        || element.startsWith("nvarg")
        || element.equals("nvvidconv")) {
      return "nvidia-l4t-gstreamer";
    }
    if (BASE.matcher(element).matches()) {
      return "gstreamer1.0-plugins-base";
    }
    if (GOOD.matcher(element).matches()) {
      return "gstreamer1.0-plugins-good";
    }
    if (BAD.matcher(element).matches()) {
      return "gstreamer1.0-plugins-bad";
    }
    return ALL;
  }

  /** GStreamer's message with the package added, where it says that an element is missing. */
  static String explain(String message) {
    Matcher matcher = NO_ELEMENT.matcher(message);
    return matcher.find()
        ? "GStreamer element %s is not installed; Debian and Ubuntu: apt install %s"
            .formatted(matcher.group(1), packageOf(matcher.group(1)))
        : message;
  }
}
