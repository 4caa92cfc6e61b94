package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a client's byte stream into requests and {@code $} frames, however TCP has cut it. Holds at
 * most one line, one body or one RTCP frame; everything longer than the limits ends in one {@link
 * RtspInbound.Malformed}, after which the rest of the stream is thrown away.
 *
 * <pre>
 *   START --line--> HEADERS --empty line--> BODY --> START
 *     |--'$'--> frame, or SKIP where it is too long to be RTCP
 *     any --limit or syntax--> BROKEN
 * </pre>
 */
final class RtspDecoder extends ByteToMessageDecoder {
  private static final int MAX_METHOD_BYTES = 64;
  private static final int MAX_VERSION_BYTES = 16;

  /** Clients send only RTCP, and that fits in one packet. */
  static final int MAX_FRAME_BYTES = 2_048;

  /** First byte of a TLS handshake (RFC 8446 section 5.1). */
  private static final int TLS_HANDSHAKE = 22;

  /** Reason of a client that speaks TLS where there is none. */
  static final String TLS_HELLO = "TLS where there is none";

  private enum State {
    START,
    HEADERS,
    BODY,
    SKIP,
    BROKEN
  }

  private final RtspLimits limits;
  private State state = State.START;
  private String[] startLine = new String[0];
  private RtspHeaders headers = new RtspHeaders();
  private int headerBytes;
  private int remainingBytes;
  private boolean midMessage;

  RtspDecoder(RtspLimits limits) {
    this.limits = limits;
  }

  /** True between the first byte of a message and its last. */
  boolean midMessage() {
    return midMessage && state != State.BROKEN;
  }

  @Override
  protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {
    try {
      while (step(in, out)) {
        // One step is a line, a body or a frame.
      }
    } catch (RtspException e) {
      state = State.BROKEN;
      String cseq = e.status() == RtspStatus.REQUEST_URI_TOO_LARGE ? null : headers.get("CSeq");
      out.add(new RtspInbound.Malformed(e.status(), String.valueOf(e.getMessage()), cseq));
      in.skipBytes(in.readableBytes());
    }
    midMessage = state != State.START || in.isReadable();
  }

  private boolean step(ByteBuf in, List<Object> out) {
    return switch (state) {
      case START -> start(in, out);
      case HEADERS -> header(in);
      case BODY -> body(in, out);
      case SKIP -> skip(in);
      case BROKEN -> {
        in.skipBytes(in.readableBytes());
        yield false;
      }
    };
  }

  private boolean start(ByteBuf in, List<Object> out) {
    // Empty lines before a request are ignored (RFC 2326 section 4, as in HTTP/1.1).
    while (in.isReadable() && isLineEnd(in.getByte(in.readerIndex()))) {
      in.skipBytes(1);
    }
    if (!in.isReadable()) {
      return false;
    }
    if (in.getByte(in.readerIndex()) == '$') {
      return frame(in, out);
    }
    if (in.getByte(in.readerIndex()) == TLS_HANDSHAKE) {
      throw bad(TLS_HELLO);
    }
    if (in.getByte(in.readerIndex()) < 'A' || in.getByte(in.readerIndex()) > 'z') {
      throw bad("first byte is no letter"); // Noise, without waiting for a line end.
    }
    String line = line(in, MAX_METHOD_BYTES + limits.maxUrlBytes() + MAX_VERSION_BYTES + 2);
    if (line == null) {
      String begin = in.toString(in.readerIndex(), in.readableBytes(), StandardCharsets.ISO_8859_1);
      checkStartLine(begin.endsWith("\r") ? begin.substring(0, begin.length() - 1) : begin);
      return false;
    }
    checkStartLine(line);
    startLine = line.split(" ", -1);
    headers = new RtspHeaders();
    headerBytes = 0;
    if (startLine.length != 3
        || startLine[0].isEmpty()
        || startLine[1].isEmpty()
        || !startLine[0].chars().allMatch(c -> c == '_' || c == '-' || Character.isLetter(c))
        || !startLine[2].startsWith("RTSP/")) {
      throw bad("no RTSP request line");
    }
    state = State.HEADERS;
    return true;
  }

  /** Refuses a start line as soon as its beginning is too long, before it is complete. */
  private void checkStartLine(String text) {
    int methodEnd = text.indexOf(' ');
    if (methodEnd > MAX_METHOD_BYTES || (methodEnd < 0 && text.length() > MAX_METHOD_BYTES)) {
      throw bad("method longer than " + MAX_METHOD_BYTES + " bytes");
    }
    int urlEnd = text.indexOf(' ', methodEnd + 1);
    int urlBytes = (urlEnd < 0 ? text.length() : urlEnd) - methodEnd - 1;
    if (methodEnd >= 0 && urlBytes > limits.maxUrlBytes()) {
      throw new RtspException(
          RtspStatus.REQUEST_URI_TOO_LARGE, "URL longer than " + limits.maxUrlBytes() + " bytes");
    }
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < 0x20 || text.charAt(i) > 0x7e) {
        throw bad("byte outside printable ASCII in the request line");
      }
    }
  }

  private boolean frame(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < 4) {
      return false;
    }
    int sizeBytes = in.getUnsignedShort(in.readerIndex() + 2);
    int channel = in.getUnsignedByte(in.readerIndex() + 1);
    if (sizeBytes > MAX_FRAME_BYTES) {
      in.skipBytes(4);
      remainingBytes = sizeBytes;
      state = State.SKIP;
      out.add(new RtspInbound.Interleaved(channel, Unpooled.EMPTY_BUFFER));
      return true;
    }
    if (in.readableBytes() < 4 + sizeBytes) {
      return false;
    }
    in.skipBytes(4);
    out.add(new RtspInbound.Interleaved(channel, in.readRetainedSlice(sizeBytes)));
    return true;
  }

  private boolean skip(ByteBuf in) {
    int skippedBytes = Math.min(in.readableBytes(), remainingBytes);
    in.skipBytes(skippedBytes);
    remainingBytes -= skippedBytes;
    if (remainingBytes == 0) {
      state = State.START;
    }
    return remainingBytes == 0;
  }

  private boolean header(ByteBuf in) {
    String line = line(in, limits.maxHeaderBytes() - headerBytes);
    if (line == null) {
      return false;
    }
    headerBytes += line.length() + 2;
    if (line.isEmpty()) {
      remainingBytes = contentLength();
      state = State.BODY;
      return true;
    }
    for (int i = 0; i < line.length(); i++) {
      if (line.charAt(i) < 0x20 && line.charAt(i) != '\t') {
        throw bad("control character in a header");
      }
    }
    if (line.charAt(0) == ' ' || line.charAt(0) == '\t') {
      if (headers.size() == 0) {
        throw bad("continuation line without a header");
      }
      headers.fold(line.strip());
      return true;
    }
    int colon = line.indexOf(':');
    if (colon < 1) {
      throw bad("header line without a name");
    }
    if (headers.size() == limits.maxHeaders()) {
      throw bad("more than " + limits.maxHeaders() + " headers");
    }
    headers.add(line.substring(0, colon).strip(), line.substring(colon + 1).strip());
    return true;
  }

  private int contentLength() {
    List<String> values = headers.all("Content-Length");
    if (values.isEmpty()) {
      return 0;
    }
    // Two lengths that differ would let two readers see two different requests.
    if (values.stream().distinct().count() > 1 || !values.get(0).matches("[0-9]{1,18}")) {
      throw bad("Content-Length is not one number");
    }
    long lengthBytes = Long.parseLong(values.get(0));
    if (lengthBytes > limits.maxBodyBytes()) {
      throw new RtspException(
          RtspStatus.REQUEST_ENTITY_TOO_LARGE,
          "body longer than " + limits.maxBodyBytes() + " bytes");
    }
    return (int) lengthBytes;
  }

  private boolean body(ByteBuf in, List<Object> out) {
    if (in.readableBytes() < remainingBytes) {
      return false;
    }
    String body = in.readCharSequence(remainingBytes, StandardCharsets.UTF_8).toString();
    out.add(new RtspInbound.Request(startLine[0], startLine[1], startLine[2], headers, body));
    headers = new RtspHeaders();
    state = State.START;
    return true;
  }

  /** The next line without its end (CRLF or LF), or null while it is incomplete. */
  private static @Nullable String line(ByteBuf in, int maxBytes) {
    int length = in.bytesBefore((byte) '\n');
    if (length > maxBytes || (length < 0 && in.readableBytes() > maxBytes)) {
      throw bad("line or header block too long");
    }
    if (length < 0) {
      return null;
    }
    String line = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    in.skipBytes(1);
    return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
  }

  private static boolean isLineEnd(byte value) {
    return value == '\r' || value == '\n';
  }

  private static RtspException bad(String why) {
    return new RtspException(RtspStatus.BAD_REQUEST, why);
  }
}
