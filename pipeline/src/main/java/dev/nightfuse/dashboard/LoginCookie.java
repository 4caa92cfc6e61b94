package dev.nightfuse.dashboard;

import dev.nightfuse.access.Passwords;
import io.vertx.core.http.Cookie;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Stands for user and password when a page opens a WebSocket, where Safari sends no Basic login. A
 * secret for each user, made at start: a cookie of an earlier start, and so of earlier passwords,
 * is worth nothing. Event loop only.
 */
final class LoginCookie {

  private static final int SECRET_BYTES = 32;

  private final Map<String, String> secrets = new LinkedHashMap<>();

  LoginCookie() {
    SecureRandom random = new SecureRandom();
    for (String user : new String[] {Passwords.OPERATOR, Passwords.VIEWER}) {
      byte[] secret = new byte[SECRET_BYTES];
      random.nextBytes(secret);
      secrets.put(user, Base64.getUrlEncoder().withoutPadding().encodeToString(secret));
    }
  }

  /** Gives it to a user who has shown the password, unless the request brought it. */
  void give(HttpServerRequest request, String user) {
    if (!user.equals(user(request))) {
      request
          .response()
          .putHeader(
              HttpHeaders.SET_COOKIE,
              name(request)
                  + "="
                  + secrets.get(user)
                  + "; Path=/; HttpOnly; SameSite=Strict"
                  + (request.isSSL() ? "; Secure" : ""));
    }
  }

  /** Whose it is; null without one, or with one that is not of this start. */
  @Nullable String user(HttpServerRequest request) {
    Cookie cookie = request.getCookie(name(request));
    if (cookie != null) {
      for (Map.Entry<String, String> entry : secrets.entrySet()) {
        if (Passwords.same(entry.getValue(), cookie.getValue())) {
          return entry.getKey();
        }
      }
    }
    return null;
  }

  /**
   * Browsers do not tell the ports of a host apart; another program there has another name. With
   * TLS it is a name that browsers take from nobody without.
   */
  private static String name(HttpServerRequest request) {
    return (request.isSSL() ? "__Host-" : "") + "nightfuse-" + request.localAddress().port();
  }
}
