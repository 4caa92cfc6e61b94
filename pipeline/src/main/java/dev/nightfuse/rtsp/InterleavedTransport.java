package dev.nightfuse.rtsp;

import dev.nightfuse.frame.FrameClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;

/** RTP and RTCP as {@code $} frames in the RTSP connection (RFC 2326 section 10.12). */
final class InterleavedTransport implements MediaTransport {
  private final Channel connection;
  private final TransportHeader asked;
  private final WriteProgress progress;

  InterleavedTransport(Channel connection, TransportHeader asked, FrameClock clock) {
    this.connection = connection;
    this.asked = asked;
    this.progress = new WriteProgress(clock);
  }

  @Override
  public int rtpChannel() {
    return asked.first() < 0 ? 0 : asked.first();
  }

  @Override
  public int rtcpChannel() {
    return asked.first() < 0 ? 1 : asked.second();
  }

  @Override
  public String header(int ssrc) {
    return String.format(
        "%s;unicast;interleaved=%d-%d;ssrc=%08X;mode=\"PLAY\"",
        asked.protocol(), rtpChannel(), rtcpChannel(), ssrc);
  }

  @Override
  public ByteBufAllocator allocator() {
    return connection.alloc();
  }

  @Override
  public boolean writable() {
    return connection.isWritable();
  }

  @Override
  public void sendRtp(ByteBuf packets) {
    progress.track(connection.write(packets));
  }

  @Override
  public void sendRtcp(ByteBuf packet) {
    progress.track(connection.write(packet));
  }

  @Override
  public void flush() {
    connection.flush();
  }

  @Override
  public long stalledSinceNs() {
    return progress.stalledSinceNs();
  }

  @Override
  public void close() {
    // The connection outlives the session.
  }
}
