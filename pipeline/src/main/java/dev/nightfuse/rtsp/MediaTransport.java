package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * The way of RTP and RTCP to one client. Event loop thread only. Both senders take ownership of the
 * buffer, which holds packets behind {@code $} headers.
 */
interface MediaTransport {

  /** Channel id that {@code $} headers of RTP carry. */
  int rtpChannel();

  /** Channel id that {@code $} headers of RTCP carry. */
  int rtcpChannel();

  /** Value of the {@code Transport} header in the answer to SETUP. */
  String header(int ssrc);

  ByteBufAllocator allocator();

  /** False while the client takes less than it is sent; then nobody should poll for more. */
  boolean writable();

  void sendRtp(ByteBuf packets);

  void sendRtcp(ByteBuf packet);

  /** Pushes what was sent since the last call to the network. */
  void flush();

  /** Since when data has been waiting without any progress, or -1 where none is waiting. */
  long stalledSinceNs();

  /** Frees what belongs to this session alone. */
  void close();
}
