package dev.nightfuse.dashboard;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for user and password (HTTP Basic, RFC 7617), which browsers remember for the page's
 * requests and WebSockets, and Prometheus and curl know. A viewer may look and change nothing.
 */
final class Login {

  private static final Logger LOG = LoggerFactory.getLogger(Login.class);
  private static final String SCHEME = "Basic ";

  private final Gate gate;

  Login(Gate gate) {
    this.gate = gate;
  }

  /** Lets the request pass or refuses it. */
  void check(RoutingContext ctx) {
    if (gate.passwords().none()) {
      ctx.next();
      return;
    }
    HttpServerRequest request = ctx.request();
    InetAddress address = address(request);
    if (gate.refuses(address)) {
      ctx.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Gate.MEMORY_S));
      throw new ApiException(
          429, null, "too many wrong passwords from your address; wait a minute");
    }
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    String[] given = header == null ? null : credentials(header);
    if (given == null || !gate.passwords().accept(given[0], given[1])) {
      if (header != null && given != null) {
        LOG.warn("{}: wrong user or password", request.remoteAddress());
        gate.wrongPassword(address, header);
      }
      ctx.response().putHeader("WWW-Authenticate", "Basic realm=\"Nightfuse\", charset=\"UTF-8\"");
      throw new ApiException(
          401, null, given == null ? "user and password are needed" : "wrong user or password");
    }
    if (changes(request) && !given[0].equals(Passwords.OPERATOR)) {
      throw new ApiException(
          403, null, "user " + given[0] + " may look and change nothing; log in as operator");
    }
    ctx.next();
  }

  /** Whether a request asks for more than to look. */
  static boolean changes(HttpServerRequest request) {
    return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
  }

  /** User and password, or null when the header has none. */
  private static String @Nullable [] credentials(String header) {
    if (!header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return null;
    }
    try {
      byte[] bytes = Base64.getDecoder().decode(header.substring(SCHEME.length()).strip());
      String[] parts = new String(bytes, StandardCharsets.UTF_8).split(":", 2);
      return parts.length == 2 ? parts : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static InetAddress address(HttpServerRequest request) {
    try {
      // An address in digits: no name is looked up.
      return InetAddress.getByName(request.remoteAddress().hostAddress());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("a connection without an address", e);
    }
  }
}
