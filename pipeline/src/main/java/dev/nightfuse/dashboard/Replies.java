package dev.nightfuse.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How answers look: JSON, one shape for errors, and the headers every answer carries. */
final class Replies {

  private static final Logger LOG = LoggerFactory.getLogger(Replies.class);
  private static final ObjectMapper JSON = new ObjectMapper();

  // Only files of this server run or load; nobody may frame the page.
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:;"
          + " media-src 'self' blob:; connect-src 'self'; base-uri 'none'; form-action 'none';"
          + " frame-ancestors 'none'";

  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private Replies() {}

  static void secure(HttpServerResponse response) {
    response
        .putHeader("Content-Security-Policy", CONTENT_SECURITY_POLICY)
        .putHeader("X-Content-Type-Options", "nosniff")
        .putHeader("X-Frame-Options", "DENY")
        .putHeader("Referrer-Policy", "no-referrer")
        .putHeader("Cross-Origin-Resource-Policy", "same-origin");
  }

  static void json(RoutingContext ctx, int status, Object value) {
    try {
      text(ctx, status, "application/json", JSON.writeValueAsString(value));
    } catch (JsonProcessingException e) {
      ctx.fail(e);
    }
  }

  static void text(RoutingContext ctx, int status, String type, String body) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader(HttpHeaders.CONTENT_TYPE, type)
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .end(body);
  }

  /** {@code captureWallNs}: when what it shows was captured, since 1970-01-01 UTC. */
  static void jpeg(RoutingContext ctx, byte[] file, long captureWallNs) {
    HttpServerResponse response = ctx.response();
    if (response.ended() || response.closed()) {
      return;
    }
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "image/jpeg")
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-store")
        .putHeader(
            HttpHeaders.LAST_MODIFIED, HTTP_DATE.format(Instant.ofEpochSecond(0, captureWallNs)))
        .end(Buffer.buffer(file));
  }

  /** Refuses other media types: a form of a foreign page cannot send JSON. */
  static void requireJson(RoutingContext ctx) {
    String type = ctx.request().getHeader(HttpHeaders.CONTENT_TYPE);
    if (type == null || !type.split(";", 2)[0].strip().equalsIgnoreCase("application/json")) {
      throw new ApiException(415, "Content-Type", "the body must be application/json");
    }
  }

  /** The one place where failures become answers. */
  static void failure(RoutingContext ctx) {
    Throwable cause = ctx.failure();
    if (cause instanceof ApiException e) {
      error(ctx, e.status(), e.field(), e.text());
      return;
    }
    int status = ctx.statusCode() < 400 ? 500 : ctx.statusCode();
    if (status >= 500) {
      LOG.warn("{} {} failed", ctx.request().method(), ctx.request().path(), cause);
    }
    error(ctx, status, null, reason(ctx, status));
  }

  static void error(RoutingContext ctx, int status, @Nullable String field, String message) {
    Map<String, Object> error = new LinkedHashMap<>();
    error.put("status", status);
    if (field != null) {
      error.put("field", field);
    }
    error.put("message", message);
    json(ctx, status, Map.of("error", error));
  }

  private static String reason(RoutingContext ctx, int status) {
    return switch (status) {
      case 404 -> "there is nothing at this address";
      case 405 -> "method " + ctx.request().method() + " is not allowed here";
      case 413 -> "the body is too large; allowed are 4096 bytes";
      case 500 -> "internal error; the log says more";
      default -> "the request was refused";
    };
  }
}
