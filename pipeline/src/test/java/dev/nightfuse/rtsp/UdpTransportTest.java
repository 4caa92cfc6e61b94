package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The pair of sockets by itself. */
@ExtendWith(NettyLeaks.class)
final class UdpTransportTest {

  private static final int PACKET_BYTES = 1_400;

  private final MultiThreadIoEventLoopGroup group =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
  private final EventLoop loop = group.next();
  private final AtomicInteger writableAgain = new AtomicInteger();

  @AfterEach
  void close() {
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private <T> T onLoop(Callable<T> work) throws Exception {
    return loop.submit(work).get(30, TimeUnit.SECONDS);
  }

  @Test
  void writable_afterItWasNot_isTold() throws Exception {
    InetAddress local = InetAddress.getLoopbackAddress();
    try (DatagramSocket rtp = new DatagramSocket(0, local)) {
      TransportHeader asked =
          TransportHeader.parseAll(List.of("RTP/AVP;unicast;client_port=" + rtp.getLocalPort()))
              .get(0);
      UdpTransport transport =
          onLoop(
              () ->
                  new UdpTransport(
                      loop,
                      new UdpPorts(0, 0),
                      local,
                      local,
                      asked,
                      new HandClock(),
                      packet -> {},
                      writableAgain::incrementAndGet,
                      () -> {}));
      onLoop(
          () -> {
            // As if the system took none of them.
            while (transport.writable()) {
              ByteBuf packet = transport.allocator().buffer(PACKET_BYTES + 4);
              packet.writeShort('$' << 8).writeShort(PACKET_BYTES).writeZero(PACKET_BYTES);
              transport.sendRtp(packet);
            }
            assertFalse(transport.writable());
            return null;
          });
      assertEquals(0, writableAgain.get(), "told too early");
      onLoop(
          () -> {
            transport.flush();
            return null;
          });
      Await.until("told", () -> writableAgain.get() > 0);
      assertTrue(onLoop(transport::writable));
      onLoop(
          () -> {
            transport.close();
            return null;
          });
    }
  }
}
