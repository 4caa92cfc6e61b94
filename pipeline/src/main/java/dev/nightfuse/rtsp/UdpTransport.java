package dev.nightfuse.rtsp;

import dev.nightfuse.frame.FrameClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramPacket;
import io.netty.channel.socket.nio.NioDatagramChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/**
 * RTP and RTCP over a pair of UDP sockets of this session's own, connected to the client's: packets
 * of anybody else never arrive, and the system tells when the client's port is closed.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // Netty: a failed write closes the channel, which is seen
final class UdpTransport implements MediaTransport {
  /** A key frame of 4K video and more; it leaves in one burst. */
  private static final int SEND_BUFFER_BYTES = 2 << 20;

  private final TransportHeader asked;
  private final InetAddress client;
  private final WriteProgress progress;
  private final Channel rtp;
  private final Channel rtcp;

  /**
   * @param onRtcp gets packets that came to the RTCP port; they are released after it returns
   * @param onWritable told, on the event loop, when {@link #writable} has become true again
   * @param onUnreachable told for every notice that nobody is reached at the client's RTP port
   */
  UdpTransport(
      EventLoop loop,
      UdpPorts ports,
      InetAddress local,
      InetAddress client,
      TransportHeader asked,
      FrameClock clock,
      Consumer<ByteBuf> onRtcp,
      Runnable onWritable,
      Runnable onUnreachable)
      throws IOException {
    this.asked = asked;
    this.client = client;
    this.progress = new WriteProgress(clock);
    UdpPorts.Pair pair = ports.open(local);
    try {
      pair.rtp().connect(new InetSocketAddress(client, asked.first()));
      pair.rtcp().connect(new InetSocketAddress(client, asked.second()));
    } catch (IOException | RuntimeException e) {
      pair.rtp().close();
      pair.rtcp().close();
      throw e;
    }
    rtp = register(loop, pair.rtp(), new Inbound(packet -> {}, onWritable, onUnreachable));
    // A player that wants no reports may keep its RTCP port closed.
    rtcp = register(loop, pair.rtcp(), new Inbound(onRtcp, () -> {}, () -> {}));
    rtp.config().setOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES);
    rtp.config()
        .setWriteBufferWaterMark(
            new WriteBufferWaterMark(SEND_BUFFER_BYTES / 8, SEND_BUFFER_BYTES / 4));
  }

  private static Channel register(
      EventLoop loop, java.nio.channels.DatagramChannel socket, Inbound handler) {
    Channel channel = new NioDatagramChannel(socket);
    channel.pipeline().addLast(handler);
    // On the event loop this is done before it returns.
    loop.register(channel);
    return channel;
  }

  @Override
  public int rtpChannel() {
    return 0;
  }

  @Override
  public int rtcpChannel() {
    return 1;
  }

  /** Client's address and RTP port: what no two sessions may share. */
  InetSocketAddress destination() {
    return new InetSocketAddress(client, asked.first());
  }

  @Override
  public String header(int ssrc) {
    InetSocketAddress server = (InetSocketAddress) rtp.localAddress();
    return String.format(
        "%s;unicast;client_port=%d-%d;server_port=%d-%d;source=%s;ssrc=%08X;mode=\"PLAY\"",
        asked.protocol(),
        asked.first(),
        asked.second(),
        server.getPort(),
        server.getPort() + 1,
        SdpWriter.numeric(server.getAddress()),
        ssrc);
  }

  @Override
  public ByteBufAllocator allocator() {
    return rtp.alloc();
  }

  @Override
  public boolean writable() {
    return rtp.isWritable();
  }

  @Override
  public void sendRtp(ByteBuf packets) {
    writeEach(rtp, packets);
  }

  @Override
  public void sendRtcp(ByteBuf packet) {
    writeEach(rtcp, packet);
  }

  private void writeEach(Channel channel, ByteBuf packets) {
    try {
      while (packets.isReadable()) {
        packets.skipBytes(2);
        ByteBuf packet = packets.readRetainedSlice(packets.readUnsignedShort());
        if (packets.isReadable()) {
          channel.write(packet, channel.voidPromise()); // failures arrive at exceptionCaught
        } else {
          progress.track(channel.write(packet));
        }
      }
    } finally {
      packets.release();
    }
  }

  @Override
  public void flush() {
    rtp.flush();
    rtcp.flush();
  }

  @Override
  public long stalledSinceNs() {
    return progress.stalledSinceNs();
  }

  @Override
  public void close() {
    rtp.close();
    rtcp.close();
  }

  /** What happens on one of the two sockets. */
  private static final class Inbound extends SimpleChannelInboundHandler<DatagramPacket> {
    private final Consumer<ByteBuf> onPacket;
    private final Runnable onWritable;
    private final Runnable onUnreachable;

    Inbound(Consumer<ByteBuf> onPacket, Runnable onWritable, Runnable onUnreachable) {
      this.onPacket = onPacket;
      this.onWritable = onWritable;
      this.onUnreachable = onUnreachable;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, DatagramPacket packet) {
      onPacket.accept(packet.content());
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
      if (ctx.channel().isWritable()) {
        onWritable.run();
      }
      ctx.fireChannelWritabilityChanged();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      onUnreachable.run();
    }
  }
}
