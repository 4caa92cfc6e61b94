package dev.nightfuse.camera;

import dev.nightfuse.gst.Credentials;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A camera's address: {@code scheme:rest?key=value&key=value}. One grammar for every source. For
 * network schemes ({@code rtsp}) the query belongs to the camera except for keys that start with
 * {@code nf.}; elsewhere all keys are options of the adapter.
 *
 * @param scheme lower case
 * @param rest what stands between the scheme's colon and the options
 * @param options options in the order given
 */
public record CameraUri(String scheme, String rest, Map<String, String> options) {

  private static final Pattern SCHEME = Pattern.compile("[a-zA-Z][a-zA-Z0-9+.-]*");

  /** Of a network address; other programs, too, take an at-sign in a password for what it is. */
  private static final Pattern USER = Pattern.compile("//([^/?]*)@");

  private static final String OWN_PREFIX = "nf.";

  public CameraUri {
    options = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(options));
  }

  /**
   * Parses an address. A plain path is read as {@code replay:PATH}.
   *
   * @throws CameraException when there is no usable scheme
   */
  public static CameraUri parse(String text) throws CameraException {
    int colon = text.indexOf(':');
    if (text.startsWith("/") || text.startsWith("./") || text.startsWith("../")) {
      return parse("replay:" + text);
    }
    if (colon <= 0 || !SCHEME.matcher(text.substring(0, colon)).matches()) {
      throw new CameraException(
          "camera address \"%s\": expected SCHEME:..., such as simulated:night or rtsp://host/path"
              .formatted(redact(text)));
    }
    String scheme = text.substring(0, colon).toLowerCase(Locale.ROOT);
    String rest = text.substring(colon + 1);
    boolean network = rest.startsWith("//");
    Matcher user = USER.matcher(rest);
    if (user.lookingAt()) {
      rest = "//" + user.group(1).replace("@", "%40") + rest.substring(user.end(1));
    }
    Map<String, String> options = new LinkedHashMap<>();
    int question = rest.indexOf('?');
    if (question >= 0) {
      StringBuilder kept = new StringBuilder();
      for (String part : rest.substring(question + 1).split("&", -1)) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? part : part.substring(0, equals);
        if (network && !key.startsWith(OWN_PREFIX)) {
          kept.append(kept.isEmpty() ? "?" : "&").append(part);
        } else if (!key.isEmpty()) {
          String value = equals < 0 ? "true" : part.substring(equals + 1);
          options.put(
              network ? key.substring(OWN_PREFIX.length()) : key,
              URLDecoder.decode(value, StandardCharsets.UTF_8));
        }
      }
      rest = rest.substring(0, question) + kept;
    }
    return new CameraUri(scheme, rest, options);
  }

  /** With the files that it names, what is replayed or a certificate, looked for in a folder. */
  public CameraUri readFrom(Path folder) {
    Map<String, String> found = new LinkedHashMap<>(options);
    found.computeIfPresent("certificate", (key, file) -> resolve(folder, file));
    return new CameraUri(scheme, scheme.equals("replay") ? resolve(folder, rest) : rest, found);
  }

  private static String resolve(Path folder, String file) {
    return folder.resolve(file).normalize().toString();
  }

  public @Nullable String option(String key) {
    return options.get(key);
  }

  /**
   * The address as the device or server wants it, without our own options; may hold credentials.
   */
  public String address() {
    return scheme + ":" + rest;
  }

  /** For messages and logs: credentials replaced. */
  @Override
  public String toString() {
    return redact(address());
  }

  private static String redact(String text) {
    return Credentials.hide(text);
  }
}
