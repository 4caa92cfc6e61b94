package dev.nightfuse.dashboard;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The part of a file that a request asks for (RFC 9110 section 14). Several parts at once are
 * answered with the whole, as the standard allows; no player asks for them.
 *
 * @param from first byte
 * @param bytes how many; 0 when the file ends before {@code from}
 */
record ByteRange(long from, long bytes) {

  private static final Pattern SINGLE = Pattern.compile("bytes=\\s*(\\d{0,18})-(\\d{0,18})\\s*");

  /** The part, or null when the header asks for none that we understand: then for the whole. */
  static @Nullable ByteRange of(@Nullable String header, long fileBytes) {
    Matcher single = SINGLE.matcher(header == null ? "" : header);
    if (!single.matches()) {
      return null;
    }
    String first = single.group(1);
    String last = single.group(2);
    if (first.isEmpty()) {
      return last.isEmpty() ? null : ofLast(Long.parseLong(last), fileBytes);
    }
    long from = Long.parseLong(first);
    long to = last.isEmpty() ? Long.MAX_VALUE - 1 : Long.parseLong(last);
    if (to < from) {
      return null;
    }
    return new ByteRange(from, Math.max(0, Math.min(to + 1, fileBytes) - from));
  }

  private static ByteRange ofLast(long wanted, long fileBytes) {
    long bytes = Math.min(wanted, fileBytes);
    return new ByteRange(fileBytes - bytes, bytes);
  }

  /** As {@code Content-Range} names it. */
  String of(long fileBytes) {
    return bytes == 0
        ? "bytes */" + fileBytes
        : "bytes %d-%d/%d".formatted(from, from + bytes - 1, fileBytes);
  }
}
