package dev.nightfuse.gst;

import com.sun.jna.Native;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * GStreamer, initialised once per process and never torn down. Safe for every thread.
 *
 * <p>Before the library starts, its plug-in loader is told not to install its own SIGSEGV handler:
 * the JVM needs that signal. {@code openh264dec} is ranked last, because it can hang on streams
 * with B-frames.
 */
public final class GstRuntime {

  private static final int MIN_MAJOR = 1;
  private static final int MIN_MINOR = 20;

  private final String version;

  private GstRuntime(String version) {
    this.version = version;
  }

  /**
   * Initialises GStreamer, or returns the one that is.
   *
   * @throws GstException when it is missing, too old, or does not start; the message says what to
   *     install
   */
  public static GstRuntime start() throws GstException {
    if (Once.RUNTIME != null) {
      return Once.RUNTIME;
    }
    throw new GstException(Once.PROBLEM == null ? "GStreamer does not start" : Once.PROBLEM);
  }

  /** Such as {@code 1.22.0}. */
  public String version() {
    return version;
  }

  /** Whether this machine has the element. */
  public boolean has(String element) {
    long factory = GstNative.gst_element_factory_find(element);
    if (factory == 0) {
      return false;
    }
    GstNative.gst_object_unref(factory);
    return true;
  }

  /**
   * Checks that all of these elements are there.
   *
   * @throws GstException naming those that are not, and the Debian packages that bring them
   */
  public void require(String... elements) throws GstException {
    List<String> missing = new ArrayList<>();
    Set<String> packages = new LinkedHashSet<>();
    for (String element : elements) {
      if (!has(element)) {
        missing.add(element);
        packages.add(GstPackages.packageOf(element));
      }
    }
    if (!missing.isEmpty()) {
      throw new GstException(
          "GStreamer element %s is not installed; Debian and Ubuntu: apt install %s"
              .formatted(String.join(", ", missing), String.join(" ", packages)));
    }
  }

  /**
   * Builds a pipeline of at least two elements from a description in the syntax of {@code
   * gst-launch-1.0}. Set addresses and other free text with {@link GstPipeline#set}, which needs no
   * quoting. The caller closes it.
   *
   * @throws GstException when it does not parse or an element is missing
   */
  public GstPipeline parse(String description) throws GstException {
    return GstPipeline.parse(description);
  }

  /** Runs once, when first asked for; class initialisation makes it safe. */
  private static final class Once {

    static final @Nullable GstRuntime RUNTIME;
    static final @Nullable String PROBLEM;

    static {
      GstRuntime runtime = null;
      String problem = null;
      try {
        runtime = initialise();
      } catch (GstException e) {
        problem = e.getMessage();
      }
      RUNTIME = runtime;
      PROBLEM = problem;
    }

    private static GstRuntime initialise() throws GstException {
      if (Native.POINTER_SIZE != 8) {
        throw new GstException("GStreamer: only 64-bit machines are supported");
      }
      try {
        GstNative.bind();
      } catch (UnsatisfiedLinkError e) {
        throw new GstException(
            "GStreamer is not installed, or incomplete (%s); Debian and Ubuntu: apt install %s"
                .formatted(firstLine(e.getMessage()), GstPackages.ALL),
            e);
      }
      GstNative.gst_segtrap_set_enabled(0);
      long[] error = new long[1];
      if (GstNative.gst_init_check(null, null, error) == 0) {
        throw new GstException("GStreamer does not start: " + GstNative.takeError(error[0]));
      }
      int[] major = new int[1];
      int[] minor = new int[1];
      int[] micro = new int[1];
      GstNative.gst_version(major, minor, micro, new int[1]);
      String version = major[0] + "." + minor[0] + "." + micro[0];
      if (major[0] != MIN_MAJOR || minor[0] < MIN_MINOR) {
        throw new GstException(
            "GStreamer %s is too old; needed is %d.%d or later"
                .formatted(version, MIN_MAJOR, MIN_MINOR));
      }
      long openh264 = GstNative.gst_element_factory_find("openh264dec");
      if (openh264 != 0) {
        GstNative.gst_plugin_feature_set_rank(openh264, 1);
        GstNative.gst_object_unref(openh264);
      }
      return new GstRuntime(version);
    }

    private static String firstLine(@Nullable String text) {
      return text == null ? "no library" : text.lines().findFirst().orElse("no library");
    }
  }
}
