package dev.nightfuse.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/**
 * GStreamer's rtspsrc as a player. What counts is the number of decoded pictures, not how it
 * leaves: when its pipeline ends, PAUSE and TEARDOWN race inside rtspsrc, and now and then it
 * reports that as an error.
 */
public final class GstPlayer {

  private static final int FRAMES = 30;

  private GstPlayer() {}

  /**
   * Plays until thirty pictures are decoded, and fails when there are fewer.
   *
   * @param protocols {@code tcp}, {@code udp} or {@code udp+tcp}
   * @param folder for the pictures
   */
  public static void decodeThirtyFrames(String url, String protocols, int timeoutS, Path folder)
      throws IOException, InterruptedException {
    ExternalProcess.require("gst-launch-1.0");
    // The last picture that goes past "eos-after" is dropped by it, hence one more.
    String command =
        "gst-launch-1.0 -q rtspsrc location=%s protocols=%s latency=0 ! rtph264depay ! h264parse ! avdec_h264"
            + " ! identity eos-after=%d ! multifilesink location=%s/%%03d.raw";
    ExternalProcess.Result result =
        ExternalProcess.run(
            timeoutS, command.formatted(url, protocols, FRAMES + 1, folder).split(" ", -1));
    Assumptions.assumeFalse(
        result.stderr().contains("no element"),
        "a GStreamer plugin is missing: " + result.stderr());
    Assumptions.assumeFalse(
        result.stderr().contains("TLS support is not available"),
        "glib-networking, GStreamer's TLS, is missing");
    try (Stream<Path> pictures = Files.list(folder)) {
      assertEquals(FRAMES, pictures.count(), result.stderr());
    }
  }
}
