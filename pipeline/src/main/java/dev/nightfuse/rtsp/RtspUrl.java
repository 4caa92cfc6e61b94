package dev.nightfuse.rtsp;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A request URL taken apart: {@code rtsp://host[:port]/<rig>/<view>[/trackID=N]}.
 *
 * <p>Clients put a query in two places when they append the track to the address they were given:
 * {@code /rig/view?query/trackID=0} (ffmpeg) and {@code /rig/view/trackID=0?query} (GStreamer).
 * Both are understood; the query itself means nothing here.
 *
 * @param base address of the stream as the client knows it, without credentials, query and trailing
 *     slash
 * @param segments decoded path segments without the track
 * @param track number of the track or -1 where the URL names the whole stream
 */
record RtspUrl(String base, List<String> segments, int track) {
  private static final String TRACK = "trackID=";

  static RtspUrl parse(String url) {
    int schemeEnd = url.indexOf("://");
    String scheme = schemeEnd < 0 ? "" : url.substring(0, schemeEnd).toLowerCase(Locale.ROOT);
    // rtsps arrives without TLS where something in front has taken it off.
    if (!scheme.equals("rtsp") && !scheme.equals("rtsps")) {
      throw bad("not an absolute rtsp:// URL");
    }
    int pathStart = indexOfAny(url, "/?", schemeEnd + 3);
    String authority = url.substring(schemeEnd + 3, pathStart);
    String host = authority.substring(authority.lastIndexOf('@') + 1);
    if (host.isEmpty() || !host.matches("(\\[[0-9A-Za-z:.%_-]+]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?")) {
      throw bad("host part is not a name or address");
    }
    int queryStart = indexOfAny(url, "?", pathStart);
    String path = url.substring(pathStart, queryStart);
    String query = url.substring(queryStart);

    int track = -1;
    int queryTrack = query.lastIndexOf('/' + TRACK);
    if (queryTrack >= 0) {
      track = trackNumber(query.substring(queryTrack + 1));
    }
    List<String> raw = new ArrayList<>(List.of(path.split("/", -1)));
    raw.removeIf(String::isEmpty);
    if (!raw.isEmpty() && raw.get(raw.size() - 1).startsWith(TRACK)) {
      track = trackNumber(raw.remove(raw.size() - 1));
    }
    List<String> segments = raw.stream().map(RtspUrl::decode).toList();
    String joined = raw.isEmpty() ? "" : '/' + String.join("/", raw);
    return new RtspUrl(scheme + "://" + host + joined, segments, track);
  }

  /** The same address for TLS. */
  RtspUrl overTls() {
    return new RtspUrl(base.replaceFirst("^rtsp:", "rtsps:"), segments, track);
  }

  /** Whether both name the same stream, whatever host the client calls it by. */
  boolean sameStream(RtspUrl other) {
    return segments.equals(other.segments);
  }

  String trackControl(int number) {
    return base + '/' + TRACK + number;
  }

  private static int trackNumber(String segment) {
    String digits = segment.substring(TRACK.length());
    // Not a number: a track that does not exist, rather than a malformed URL.
    return digits.matches("[0-9]{1,4}") ? Integer.parseInt(digits) : Integer.MAX_VALUE;
  }

  private static String decode(String segment) {
    byte[] bytes = new byte[segment.length()];
    int length = 0;
    for (int i = 0; i < segment.length(); i++) {
      char c = segment.charAt(i);
      if (c == '%') {
        if (i + 2 >= segment.length()) {
          throw bad("incomplete percent-encoding");
        }
        int high = Character.digit(segment.charAt(i + 1), 16);
        int low = Character.digit(segment.charAt(i + 2), 16);
        if (high < 0 || low < 0) {
          throw bad("wrong percent-encoding");
        }
        c = (char) (high * 16 + low);
        i += 2;
        // An encoded separator would name another path than it seems to.
        if (c == '/' || c == '\\') {
          throw bad("encoded path separator");
        }
      }
      if (c < 0x20 || c == 0x7f) {
        throw bad("control character in path");
      }
      bytes[length++] = (byte) c;
    }
    String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
    if (text.equals(".") || text.equals("..")) {
      throw bad("dot segment in path");
    }
    return text;
  }

  private static int indexOfAny(String text, String characters, int from) {
    for (int i = from; i < text.length(); i++) {
      if (characters.indexOf(text.charAt(i)) >= 0) {
        return i;
      }
    }
    return text.length();
  }

  private static RtspException bad(String why) {
    return new RtspException(RtspStatus.BAD_REQUEST, why);
  }

  /** The address as given, or null for {@code *} (RFC 2326 section 10.1). */
  static @Nullable RtspUrl parseOrStar(String uri) {
    return uri.equals("*") ? null : parse(uri);
  }
}
