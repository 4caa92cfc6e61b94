package dev.nightfuse.dashboard;

import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of the page, read once from the class path. The list is fixed: a path that is not in it
 * does not exist, so no request can reach another file.
 */
final class Assets {

  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private static final String[] NAMES = {
    "index.html",
    "app.css",
    "favicon.svg",
    "address.js",
    "alignment.js",
    "app.js",
    "backoff.js",
    "clock.js",
    "controls.js",
    "follow.js",
    "me.js",
    "panel.js",
    "player.js",
    "recordings.js",
    "request.js",
    "screen.js",
    "sink.js",
    "status.js",
    "wire.js"
  };

  private final Map<String, Asset> byPath = new LinkedHashMap<>();

  /** One file with its validator. */
  record Asset(String type, Buffer body, String etag) {}

  Assets() {
    for (String name : NAMES) {
      byPath.put("/" + name, load(name));
    }
    Asset index = byPath.get("/index.html");
    if (index != null) {
      byPath.put("/", index);
    }
  }

  @Nullable Asset find(String path) {
    return byPath.get(path);
  }

  Iterable<String> paths() {
    return byPath.keySet();
  }

  private static Asset load(String name) {
    try (InputStream in = Assets.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the dashboard file " + name + " is not in the program");
      }
      byte[] bytes = in.readAllBytes();
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      String type = TYPES.get(name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT));
      if (type == null) {
        throw new IllegalStateException("no media type for " + name);
      }
      String etag = '"' + HexFormat.of().formatHex(digest, 0, 12) + '"';
      return new Asset(type, Buffer.buffer(bytes), etag);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the dashboard file " + name, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
