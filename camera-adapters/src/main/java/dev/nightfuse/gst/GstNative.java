package dev.nightfuse.gst;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.nio.ByteBuffer;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The functions of libgstreamer, libgstvideo, GObject and GLib that this program calls,
 * direct-mapped: under 0.1 us a call, no garbage. Pointers are {@code long} (0 is NULL), {@code
 * gboolean} is {@code int}, {@code gsize} and {@code GstClockTime} are {@code long}. Bound by
 * {@link GstRuntime#start()}.
 *
 * <p>Names and arguments are GStreamer's own. The offsets are those of its public structures, whose
 * layout is frozen for all of 1.x on 64-bit machines.
 */
final class GstNative {

  /** {@code GST_CLOCK_TIME_NONE}. */
  static final long TIME_NONE = -1;

  static final int STATE_NULL = 1;
  static final int STATE_READY = 2;
  static final int STATE_PLAYING = 4;
  static final int STATE_CHANGE_FAILURE = 0;

  static final int FORMAT_TIME = 3;
  static final int SEEK_FLAG_FLUSH = 1;
  static final int SEEK_FLAG_ACCURATE = 2;
  static final int PARSE_FLAG_FATAL_ERRORS = 1;
  static final int MAP_READ = 1;
  static final int FLOW_OK = 0;
  static final int BUFFER_FLAG_DELTA_UNIT = 1 << 13;

  static final int MESSAGE_EOS = 1;
  static final int MESSAGE_ERROR = 1 << 1;
  static final int MESSAGE_WARNING = 1 << 2;
  static final int MESSAGE_TYPE_OFFSET = 64;

  static final int MINI_OBJECT_FLAGS_OFFSET = 16;
  static final int BUFFER_PTS_OFFSET = 72;
  static final int BUFFER_DURATION_OFFSET = 88;
  static final int BUFFER_OFFSET_OFFSET = 96;

  static final int MAP_INFO_SIZE_BYTES = 104;
  static final int MAP_INFO_DATA_OFFSET = 16;
  static final int MAP_INFO_SIZE_OFFSET = 24;

  /** {@code GstVideoInfo}; 152 bytes today, allocated with room. */
  static final int VIDEO_INFO_SIZE_BYTES = 256;

  static final int VIDEO_INFO_WIDTH_OFFSET = 16;
  static final int VIDEO_INFO_HEIGHT_OFFSET = 20;
  static final int VIDEO_INFO_RANGE_OFFSET = 40;
  static final int VIDEO_INFO_FPS_N_OFFSET = 64;
  static final int VIDEO_INFO_FPS_D_OFFSET = 68;
  static final int VIDEO_INFO_OFFSETS_OFFSET = 72;
  static final int VIDEO_INFO_STRIDES_OFFSET = 104;

  /** {@code GST_VIDEO_COLOR_RANGE_0_255}. */
  static final int RANGE_FULL = 1;

  /** {@code GST_VIDEO_COLOR_RANGE_16_235}. */
  static final int RANGE_LIMITED = 2;

  static final int VIDEO_FORMAT_INFO_NAME_OFFSET = 8;

  /** {@code GValue}. */
  static final int VALUE_SIZE_BYTES = 24;

  /** {@code G_TYPE_OBJECT}. */
  static final long TYPE_OBJECT = 20 << 2;

  static final int VIDEO_META_OFFSETS_OFFSET = 48;
  static final int VIDEO_META_STRIDES_OFFSET = 80;

  private GstNative() {}

  /** Binds the functions; throws {@link UnsatisfiedLinkError} when the libraries are not there. */
  static void bind() {
    Map<String, Object> utf8 = Map.of(Library.OPTION_STRING_ENCODING, "UTF-8");
    // Functions are also looked up in what a library depends on: GObject and GLib come with it.
    Native.register(GstNative.class, NativeLibrary.getInstance("libgstvideo-1.0.so.0", utf8));
    Native.register(GstAppNative.class, NativeLibrary.getInstance("libgstapp-1.0.so.0", utf8));
  }

  // Library
  static native void gst_segtrap_set_enabled(int enabled);

  static native int gst_init_check(@Nullable Pointer argc, @Nullable Pointer argv, long[] error);

  static native void gst_version(int[] major, int[] minor, int[] micro, int[] nano);

  static native long gst_element_factory_find(String name);

  static native void gst_plugin_feature_set_rank(long feature, int rank);

  // Objects
  static native void gst_object_unref(long object);

  static native void gst_mini_object_unref(long object);

  static native long gst_mini_object_ref(long object);

  static native long g_object_ref_sink(long object);

  static native long g_object_class_find_property(long objectClass, String name);

  static native void gst_util_set_object_arg(long object, String name, String value);

  static native void g_object_set_property(long object, String name, Pointer value);

  static native Pointer g_value_init(Pointer value, long type);

  static native void g_value_set_object(Pointer value, long object);

  static native void g_value_unset(Pointer value);

  static native void g_free(long memory);

  static native void g_error_free(long error);

  // Pipelines
  static native long gst_parse_launch_full(
      String description, @Nullable Pointer context, int flags, long[] error);

  static native long gst_bin_get_by_name(long bin, String name);

  static native int gst_element_set_state(long element, int state);

  static native int gst_element_query_duration(long element, int format, long[] duration);

  static native int gst_element_seek_simple(long element, int format, int flags, long position);

  static native int gst_element_send_event(long element, long event);

  static native long gst_element_get_base_time(long element);

  static native long gst_element_get_clock(long element);

  static native long gst_clock_get_time(long clock);

  // Bus
  static native long gst_element_get_bus(long element);

  static native long gst_bus_timed_pop_filtered(long bus, long timeoutNs, int types);

  static native void gst_message_parse_error(long message, long[] error, long[] debug);

  static native void gst_message_parse_warning(long message, long[] error, long[] debug);

  // Samples and buffers
  static native long gst_sample_get_buffer(long sample);

  static native long gst_sample_get_caps(long sample);

  static native long gst_sample_get_segment(long sample);

  static native long gst_segment_to_stream_time(long segment, int format, long position);

  static native long gst_segment_to_running_time(long segment, int format, long position);

  static native int gst_buffer_map(long buffer, long mapInfo, int flags);

  static native void gst_buffer_unmap(long buffer, long mapInfo);

  static native long gst_buffer_new_allocate(
      @Nullable Pointer allocator, long size, @Nullable Pointer parameters);

  static native long gst_buffer_fill(long buffer, long offset, ByteBuffer source, long size);

  static native long gst_caps_to_string(long caps);

  // Video
  static native int gst_video_info_from_caps(long info, long caps);

  static native long gst_buffer_get_video_meta(long buffer);

  static native int gst_video_format_from_string(String format);

  static native long gst_buffer_add_video_meta_full(
      long buffer,
      int flags,
      int format,
      int width,
      int height,
      int planes,
      long[] offsets,
      int[] strides);

  static native long gst_video_event_new_upstream_force_key_unit(
      long runningTimeNs, int allHeaders, int count);

  // Devices
  static native long gst_element_get_static_pad(long element, String name);

  static native long gst_pad_query_caps(long pad, @Nullable Pointer filter);

  /** The text at {@code address}, which stays the owner's. */
  static @Nullable String text(long address) {
    return address == 0 ? null : new Pointer(address).getString(0, "UTF-8");
  }

  /** The text at {@code address}, which is freed. */
  static @Nullable String takeText(long address) {
    String text = text(address);
    if (address != 0) {
      g_free(address);
    }
    return text;
  }

  /** The message of a {@code GError}, which is freed. */
  static String takeError(long error) {
    if (error == 0) {
      return "unknown error";
    }
    String message = text(new Pointer(error).getLong(8));
    g_error_free(error);
    return message == null ? "unknown error" : message;
  }
}
