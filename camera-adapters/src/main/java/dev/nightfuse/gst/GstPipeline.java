package dev.nightfuse.gst;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A GStreamer pipeline with an owner. Errors are read from its bus by whoever pulls from it, see
 * {@link #check()}; there is no main loop and no callback.
 *
 * <p><b>Thread.</b> One thread at a time; {@link #close()} may come from another one once the first
 * has stopped using it. <b>States.</b> NULL when made, then {@link #ready()} or {@link #play()},
 * then {@link #close()}, which is final and idempotent.
 */
public final class GstPipeline implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(GstPipeline.class);

  private static final long MILLI_NS = 1_000_000L;

  private final long pipeline;
  private final long bus;
  private final Map<String, Long> elements = new HashMap<>();
  private boolean closed;

  private GstPipeline(long pipeline) {
    this.pipeline = pipeline;
    this.bus = GstNative.gst_element_get_bus(pipeline);
  }

  /** For {@link GstRuntime#parse}: the functions are bound by then. */
  static GstPipeline parse(String description) throws GstException {
    long[] error = new long[1];
    long made =
        GstNative.gst_parse_launch_full(
            description, null, GstNative.PARSE_FLAG_FATAL_ERRORS, error);
    if (made == 0) {
      throw new GstException(GstPackages.explain(GstNative.takeError(error[0])));
    }
    return new GstPipeline(GstNative.g_object_ref_sink(made));
  }

  /**
   * Sets a property from its text form.
   *
   * @throws GstException when there is no such element or property
   */
  public void set(String element, String property, String value) throws GstException {
    long address = find(element);
    long objectClass = new Pointer(address).getLong(0);
    if (GstNative.g_object_class_find_property(objectClass, property) == 0) {
      throw new GstException("element %s has no property %s".formatted(element, property));
    }
    GstNative.gst_util_set_object_arg(address, property, value);
  }

  /**
   * Lets an element that speaks TLS trust the certificates of a file, and no others.
   *
   * @param pem file with one or more certificates
   * @throws GstException when there is no such element, or the file cannot be read or has none
   */
  public void trust(String element, String pem) throws GstException {
    long address = find(element);
    long[] error = new long[1];
    long database = GioNative.g_tls_file_database_new(pem, error);
    if (database == 0) {
      throw new GstException(GstNative.takeError(error[0]));
    }
    try (Memory value = new Memory(GstNative.VALUE_SIZE_BYTES)) {
      value.clear();
      GstNative.g_value_init(value, GstNative.TYPE_OBJECT);
      GstNative.g_value_set_object(value, database);
      GstNative.g_object_set_property(address, "tls-database", value);
      GstNative.g_value_unset(value);
    } finally {
      GstNative.gst_object_unref(database);
    }
  }

  /** The {@code appsink} of this name; it lives as long as the pipeline. */
  public AppSink sink(String name) throws GstException {
    return new AppSink(find(name));
  }

  /** The {@code appsrc} of this name; it lives as long as the pipeline. */
  public AppSource source(String name) throws GstException {
    return new AppSource(find(name));
  }

  /**
   * Elements found are kept until close, so that a name is looked up once per use, not per frame.
   */
  private long find(String name) throws GstException {
    checkOpen();
    Long known = elements.get(name);
    if (known != null) {
      return known;
    }
    long element = GstNative.gst_bin_get_by_name(pipeline, name);
    if (element == 0) {
      throw new GstException("pipeline has no element named " + name);
    }
    elements.put(name, element);
    return element;
  }

  /** Starts the flow; returns at once, what fails later comes from {@link #check()}. */
  public void play() throws GstException {
    change(GstNative.STATE_PLAYING);
  }

  /**
   * What an element can put out, in GStreamer's text form; of a device, once the pipeline is {@link
   * #ready()}, what the hardware has.
   */
  public String outputCaps(String element) throws GstException {
    long pad = GstNative.gst_element_get_static_pad(find(element), "src");
    if (pad == 0) {
      throw new GstException("element %s has no output".formatted(element));
    }
    long caps = GstNative.gst_pad_query_caps(pad, null);
    GstNative.gst_object_unref(pad);
    String text = GstNative.takeText(GstNative.gst_caps_to_string(caps));
    GstNative.gst_mini_object_unref(caps);
    return text == null ? "" : text;
  }

  /**
   * Opens devices without starting the flow. Not a way to start a pipeline over: make a new one.
   */
  public void ready() throws GstException {
    change(GstNative.STATE_READY);
  }

  private void change(int state) throws GstException {
    checkOpen();
    if (GstNative.gst_element_set_state(pipeline, state) == GstNative.STATE_CHANGE_FAILURE) {
      check();
      throw new GstException("pipeline does not start");
    }
  }

  /**
   * Empties the bus without waiting. To be called regularly: the bus keeps every message until
   * then.
   *
   * @throws GstException the first error that an element reported
   */
  public void check() throws GstException {
    checkOpen();
    long message;
    while ((message = pop(0, GstNative.MESSAGE_ERROR | GstNative.MESSAGE_WARNING)) != 0) {
      if (typeOf(message) == GstNative.MESSAGE_ERROR) {
        throw takeFailure(message);
      }
      checkWarning(message);
    }
  }

  /**
   * Waits until every sink is at the end of the stream.
   *
   * @return false when that did not happen within the time
   * @throws GstException the first error that an element reported
   */
  public boolean awaitEnd(long timeoutMs) throws GstException {
    checkOpen();
    long message = pop(timeoutMs * MILLI_NS, GstNative.MESSAGE_ERROR | GstNative.MESSAGE_EOS);
    if (message == 0) {
      return false;
    }
    if (typeOf(message) == GstNative.MESSAGE_ERROR) {
      throw takeFailure(message);
    }
    GstNative.gst_mini_object_unref(message);
    return true;
  }

  private long pop(long timeoutNs, int types) {
    return GstNative.gst_bus_timed_pop_filtered(bus, timeoutNs, types);
  }

  private static int typeOf(long message) {
    return new Pointer(message).getInt(GstNative.MESSAGE_TYPE_OFFSET);
  }

  /**
   * A link that waited for a stream and will not be made is only warned about, but ends all hope.
   */
  private static void checkWarning(long message) throws GstException {
    long[] error = new long[1];
    long[] debug = new long[1];
    GstNative.gst_message_parse_warning(message, error, debug);
    GstNative.gst_mini_object_unref(message);
    String text = GstNative.takeError(error[0]);
    String detail = GstNative.takeText(debug[0]);
    if (detail != null && detail.contains("delayed linking")) {
      throw new GstException("no stream of the wanted kind");
    }
    LOG.debug("GStreamer warns: {} {}", text, detail);
  }

  private static GstException takeFailure(long message) {
    long[] error = new long[1];
    long[] debug = new long[1];
    GstNative.gst_message_parse_error(message, error, debug);
    GstNative.gst_mini_object_unref(message);
    String text = GstNative.takeError(error[0]);
    String detail = GstNative.takeText(debug[0]);
    return new GstException(detail == null ? text : text + lastLine(detail));
  }

  /** The debug text's last line is the only one that is not about GStreamer's own source. */
  private static String lastLine(String detail) {
    List<String> lines = detail.lines().toList();
    if (lines.size() < 2) {
      return "";
    }
    String line = lines.get(lines.size() - 1).strip();
    // Caps follow in brackets, with all of a stream's headers in them.
    int caps = line.indexOf(" (");
    line = caps > 0 ? line.substring(0, caps) : line;
    if (line.equals("system error: Success")) {
      return "";
    }
    return " (" + line.replaceFirst("^\\((.*)$", "$1") + ")";
  }

  /** Length of what is playing, or -1 when unknown. */
  public long durationNs() {
    checkOpen();
    long[] duration = new long[1];
    return GstNative.gst_element_query_duration(pipeline, GstNative.FORMAT_TIME, duration) != 0
        ? duration[0]
        : -1;
  }

  /** Goes to exactly this position, throwing away what is on the way. False when it cannot. */
  public boolean seek(long positionNs) {
    checkOpen();
    return GstNative.gst_element_seek_simple(
            pipeline,
            GstNative.FORMAT_TIME,
            GstNative.SEEK_FLAG_FLUSH | GstNative.SEEK_FLAG_ACCURATE,
            positionNs)
        != 0;
  }

  /**
   * The pipeline's clock now, minus its base time: the running time of a frame captured now, or -1
   * while it has no clock.
   */
  public long runningTimeNowNs() {
    checkOpen();
    long clock = GstNative.gst_element_get_clock(pipeline);
    if (clock == 0) {
      return -1;
    }
    long now = GstNative.gst_clock_get_time(clock) - GstNative.gst_element_get_base_time(pipeline);
    GstNative.gst_object_unref(clock);
    return now;
  }

  private void checkOpen() {
    if (closed) {
      throw new IllegalStateException("use of a pipeline that was closed");
    }
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    GstNative.gst_element_set_state(pipeline, GstNative.STATE_NULL);
    for (long element : elements.values()) {
      GstNative.gst_object_unref(element);
    }
    GstNative.gst_object_unref(bus);
    GstNative.gst_object_unref(pipeline);
  }
}
