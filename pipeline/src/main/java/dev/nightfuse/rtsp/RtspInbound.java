package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** What {@link RtspDecoder} finds in the byte stream of a client. */
sealed interface RtspInbound {

  /** A complete request, not yet looked at beyond its framing. */
  record Request(String method, String uri, String version, RtspHeaders headers, String body)
      implements RtspInbound {}

  /**
   * Bytes that are not a request; the connection cannot be read any further.
   *
   * @param cseq sequence number of the broken request if it was seen
   */
  record Malformed(RtspStatus status, String reason, @Nullable String cseq)
      implements RtspInbound {}

  /** {@code $} frame (RFC 2326 section 10.12). Whoever receives it releases the payload. */
  record Interleaved(int channel, ByteBuf payload) implements RtspInbound {}
}
