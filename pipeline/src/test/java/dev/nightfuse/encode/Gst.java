package dev.nightfuse.encode;

import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstRuntime;
import org.junit.jupiter.api.Assumptions;

/** GStreamer for tests: skips, with a reason, where something is not installed. */
final class Gst {

  private Gst() {}

  static GstRuntime require(String... elements) {
    try {
      GstRuntime gst = GstRuntime.start();
      gst.require(elements);
      return gst;
    } catch (GstException e) {
      return Assumptions.abort(e.getMessage());
    }
  }

  static void requireAbsent(String element) {
    Assumptions.assumeFalse(require().has(element), element + " is installed");
  }
}
