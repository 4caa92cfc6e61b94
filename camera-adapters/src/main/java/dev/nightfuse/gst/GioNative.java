package dev.nightfuse.gst;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import java.util.Map;

/**
 * The functions of libgio, mapped like {@link GstNative}. Bound when first used: only cameras with
 * a certificate of their own need it.
 */
final class GioNative {

  static {
    Map<String, Object> utf8 = Map.of(Library.OPTION_STRING_ENCODING, "UTF-8");
    Native.register(GioNative.class, NativeLibrary.getInstance("libgio-2.0.so.0", utf8));
  }

  private GioNative() {}

  static native long g_tls_file_database_new(String pem, long[] error);
}
