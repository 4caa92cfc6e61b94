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
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks for user and password (HTTP Basic, RFC 7617), which browsers remember for the page's
 * requests, and Prometheus and curl know. For WebSockets a cookie does as well, since not every
 * browser sends the password there. A viewer may look and change nothing.
 */
final class Login {

  private static final Logger LOG = LoggerFactory.getLogger(Login.class);
  private static final String SCHEME = "Basic ";

  private final Gate gate;
  private final LoginCookie cookie = new LoginCookie();

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
    String user = user(request);
    if (user != null) {
      cookie.give(request, user);
    } else if (opensSocket(ctx) && credentials(request) == null) {
      user = cookie.user(request);
    }
    if (user == null) {
      ctx.response().putHeader("WWW-Authenticate", "Basic realm=\"Nightfuse\", charset=\"UTF-8\"");
      throw new ApiException(
          401,
          null,
          credentials(request) == null ? "user and password are needed" : "wrong user or password");
    }
    if (changes(request) && !mayChange(user)) {
      throw new ApiException(
          403, null, "user " + user + " may look and change nothing; log in as operator");
    }
    ctx.next();
  }

  /**
   * Who is asking and what they may, so that a page offers nothing that would be refused. Strangers
   * are told, too, that they may nothing, and are not asked for a password: a browser would stop
   * the page until it has one.
   */
  void me(RoutingContext ctx) {
    boolean open = gate.passwords().none();
    String user = open ? null : user(ctx.request());
    Map<String, Object> body = new LinkedHashMap<>();
    if (user != null) {
      cookie.give(ctx.request(), user);
      body.put("user", user);
    }
    body.put("mayLook", open || user != null);
    body.put("mayChange", open || (user != null && mayChange(user)));
    Replies.json(ctx, 200, body);
  }

  /** By the path that the router takes, or {@code /ws/../metrics} would be one. */
  private static boolean opensSocket(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    return request.method().equals(HttpMethod.GET)
        && ctx.normalizedPath().startsWith("/ws/")
        && "websocket".equalsIgnoreCase(request.getHeader(HttpHeaders.UPGRADE));
  }

  private static boolean mayChange(String user) {
    return user.equals(Passwords.OPERATOR);
  }

  /** Who is asking; null for a stranger. Wrong passwords count. */
  private @Nullable String user(HttpServerRequest request) {
    InetAddress address = address(request);
    if (gate.refuses(address)) {
      request.response().putHeader(HttpHeaders.RETRY_AFTER, String.valueOf(Gate.MEMORY_S));
      throw new ApiException(
          429, null, "too many wrong passwords from your address; wait a minute");
    }
    String[] given = credentials(request);
    if (given == null) {
      return null;
    }
    if (!gate.passwords().accept(given[0], given[1])) {
      LOG.warn("{}: wrong user or password", request.remoteAddress());
      gate.wrongPassword(address, request.getHeader(HttpHeaders.AUTHORIZATION));
      return null;
    }
    return given[0];
  }

  /** Whether a request asks for more than to look. */
  static boolean changes(HttpServerRequest request) {
    return !request.method().equals(HttpMethod.GET) && !request.method().equals(HttpMethod.HEAD);
  }

  /** User and password, or null when the request has none. */
  private static String @Nullable [] credentials(HttpServerRequest request) {
    String header = request.getHeader(HttpHeaders.AUTHORIZATION);
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
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
