package dev.nightfuse.dashboard;

import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Keeps other web sites from steering the rig through an operator's browser.
 *
 * <p>Two checks: the Host header must be a name that a foreign site cannot own (against DNS
 * rebinding), and an Origin header, which browsers add to WebSocket handshakes and changing
 * requests, must name the same host and port. Programs such as curl send no Origin and pass.
 */
final class HostGuard {

  private final List<String> allowedHosts;

  HostGuard(List<String> allowedHosts) {
    this.allowedHosts = allowedHosts.stream().map(h -> h.toLowerCase(Locale.ROOT)).toList();
  }

  /** Throws unless the request was addressed to this machine under a trusted name. */
  void checkHost(@Nullable String hostHeader) {
    if (hostHeader == null || hostHeader.isEmpty()) {
      throw new ApiException(400, "Host", "the Host header is missing");
    }
    String name = name(hostHeader.toLowerCase(Locale.ROOT));
    boolean trusted =
        isAddress(name)
            || name.indexOf('.') < 0
            || name.endsWith(".local")
            || allowedHosts.contains(name);
    if (!trusted) {
      throw new ApiException(
          421,
          "Host",
          "host name '"
              + printable(name)
              + "' is not served; use the IP address, or add the name to server.dashboard.names in the configuration");
    }
  }

  /** Throws when a browser says that the request comes from a page of another site. */
  void checkOrigin(@Nullable String hostHeader, @Nullable String origin) {
    if (origin == null) {
      return;
    }
    int scheme = origin.indexOf("://");
    String authority = scheme < 0 ? "" : origin.substring(scheme + 3);
    if (!authority.equalsIgnoreCase(hostHeader)) {
      throw new ApiException(
          403, "Origin", "requests from pages of " + printable(origin) + " are not allowed");
    }
  }

  private static String name(String authority) {
    if (authority.startsWith("[")) {
      int end = authority.indexOf(']');
      return end < 0 ? authority : authority.substring(0, end + 1);
    }
    int colon = authority.lastIndexOf(':');
    return colon < 0 ? authority : authority.substring(0, colon);
  }

  private static boolean isAddress(String name) {
    return name.matches("\\[[0-9a-f:.]+]") || name.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  private static String printable(String text) {
    String safe = text.replaceAll("[^\\x21-\\x7e]", "?");
    return safe.length() > 80 ? safe.substring(0, 80) + "..." : safe;
  }
}
