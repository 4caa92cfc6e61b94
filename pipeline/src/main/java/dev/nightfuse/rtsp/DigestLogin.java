package dev.nightfuse.rtsp;

import dev.nightfuse.access.Passwords;
import dev.nightfuse.frame.FrameClock;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Asks clients for user and password by Digest (RFC 2617, RFC 7616), so that the password itself is
 * never sent.
 *
 * <p>Two challenges go out, MD5 last: players that know only that take the last one. Without {@code
 * qop}, which RTSP players do not need; an answer that uses it all the same is understood. Nonces
 * carry their time and a signature of this server, so that nothing is kept for a client, and one
 * that uses its nonce on a second connection is welcome there.
 *
 * <p>One thread at a time.
 */
final class DigestLogin {

  /** What a request says about who sends it. */
  enum Answer {
    RIGHT,
    /** No user and password, or not for us: it is asked for them. */
    MISSING,
    /** Right, by a nonce that is too old: it is asked again, the user is not. */
    STALE,
    WRONG
  }

  private static final String REALM = "Nightfuse";
  private static final List<String> ALGORITHMS = List.of("SHA-256", "MD5");
  private static final long NONCE_AGE_NS = 300_000_000_000L;
  private static final Pattern NONCE = Pattern.compile("([0-9a-f]{1,15})-[0-9a-f]{32}");

  /** Without escapes, which nothing has that could be right here. */
  private static final Pattern PARAMETER =
      Pattern.compile("\\b([A-Za-z]++)\\s*+=\\s*+(?:\"([^\"]*+)\"|([^\\s,\"]++))");

  private final Passwords passwords;
  private final FrameClock clock;
  private final long startNs;
  private final Mac signer;

  /**
   * @param secret random bytes that signs nonces
   */
  DigestLogin(Passwords passwords, FrameClock clock, byte[] secret) {
    this.passwords = passwords;
    this.clock = clock;
    this.startNs = clock.nowNs();
    try {
      signer = Mac.getInstance("HmacSHA256");
      signer.init(new SecretKeySpec(secret, "HmacSHA256"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has HmacSHA256", e);
    }
  }

  /** The answer to a request that was not {@link Answer#RIGHT}. */
  RtspResponse challenge(boolean stale) {
    RtspResponse response = new RtspResponse(RtspStatus.UNAUTHORIZED);
    String nonce = nonce(clock.nowNs() - startNs);
    for (String algorithm : ALGORITHMS) {
      response.header(
          "WWW-Authenticate",
          "Digest realm=\"%s\", nonce=\"%s\", algorithm=%s%s"
              .formatted(REALM, nonce, algorithm, stale ? ", stale=true" : ""));
    }
    return response;
  }

  Answer check(RtspInbound.Request request) {
    for (String header : request.headers().all("Authorization")) {
      if (header.regionMatches(true, 0, "Digest ", 0, 7)) {
        return check(request, parameters(header.substring(7)));
      }
    }
    return Answer.MISSING;
  }

  private Answer check(RtspInbound.Request request, Map<String, String> given) {
    if (!REALM.equals(given.get("realm"))) {
      return Answer.MISSING;
    }
    String nonce = given.getOrDefault("nonce", "");
    String algorithm = given.getOrDefault("algorithm", "MD5").toUpperCase(Locale.ROOT);
    String user = given.getOrDefault("username", "");
    String uri = given.getOrDefault("uri", "");
    String password = passwords.of(user);
    if (password == null || !ALGORITHMS.contains(algorithm) || !samePath(uri, request.uri())) {
      return Answer.WRONG;
    }
    String who = hash(algorithm, user + ':' + REALM + ':' + password);
    String what = hash(algorithm, request.method() + ':' + uri);
    String qop = given.get("qop");
    String between =
        qop == null
            ? nonce
            : String.join(
                ":", nonce, given.getOrDefault("nc", ""), given.getOrDefault("cnonce", ""), qop);
    String expected = hash(algorithm, who + ':' + between + ':' + what);
    String response = given.getOrDefault("response", "").toLowerCase(Locale.ROOT);
    if (!Passwords.same(expected, response)) {
      return Answer.WRONG;
    }
    // A nonce of before our restart is stale, too.
    return fresh(nonce) ? Answer.RIGHT : Answer.STALE;
  }

  /** Clients sign the address with or without its beginning, credentials and last slash. */
  private static boolean samePath(String signed, String asked) {
    return path(signed).equals(path(asked));
  }

  private static String path(String uri) {
    int authority = uri.indexOf("://");
    int slash = authority < 0 ? 0 : uri.indexOf('/', authority + 3);
    String path = slash < 0 ? "" : uri.substring(slash);
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  /** The nonce of a time since the start. */
  private String nonce(long sinceStartNs) {
    String time = Long.toHexString(sinceStartNs);
    byte[] signature = signer.doFinal(time.getBytes(StandardCharsets.US_ASCII));
    return time + '-' + HexFormat.of().formatHex(signature, 0, 16);
  }

  private boolean fresh(String nonce) {
    Matcher ours = NONCE.matcher(nonce);
    if (!ours.matches()) {
      return false;
    }
    long sinceStartNs = Long.parseLong(ours.group(1), 16);
    return Passwords.same(nonce(sinceStartNs), nonce)
        && clock.nowNs() - startNs - sinceStartNs <= NONCE_AGE_NS;
  }

  private static Map<String, String> parameters(String header) {
    Map<String, String> parameters = new HashMap<>();
    Matcher matcher = PARAMETER.matcher(header);
    while (matcher.find()) {
      String quoted = matcher.group(2);
      parameters.putIfAbsent(
          matcher.group(1).toLowerCase(Locale.ROOT), quoted == null ? matcher.group(3) : quoted);
    }
    return parameters;
  }

  private static String hash(String algorithm, String text) {
    try {
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}
