package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.HandClock;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultEventLoop;
import io.netty.channel.EventLoop;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When notices that nobody is at the client's port end a session. */
final class RtspSessionTest {

  private static final String GONE = "client's UDP port is unreachable";

  private final HandClock clock = new HandClock();
  private final EventLoop loop = new DefaultEventLoop();
  private final RtspSession session = session();

  private RtspSession session() {
    StageMetrics metrics = new StageMetrics("demo", "send");
    FakeStream stream =
        new FakeStream("demo", View.FUSED, H264Sample.synthetic(60, 30, 3_000), clock);
    RtspContext context =
        new RtspContext(
            RtspSettings.defaults(),
            () -> List.of(stream),
            clock,
            rig -> metrics,
            () -> TestServer.ORIGIN,
            new Gate(Passwords.NONE, clock),
            false);
    return new RtspSession(
        "client",
        RtspUrl.parse("rtsp://h/demo/fused"),
        stream,
        TestServer.ORIGIN,
        new NoTransport(),
        context,
        loop);
  }

  @AfterEach
  void close() {
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private void notices(int count, int everyMs) {
    for (int i = 0; i < count; i++) {
      session.onUnreachable();
      clock.advanceMs(everyMs);
    }
  }

  private String tick() {
    return session.tick(clock.nowNs());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 1_000})
  void notices_goOn_endTheSession(int everyMs) {
    notices(2_000 / everyMs, everyMs);
    assertNull(tick());
    notices(2, everyMs);
    assertEquals(GONE, tick());
  }

  @Test
  void notice_single_endsNothing() {
    notices(1, 2_500);
    assertNull(tick());
    clock.advanceMs(20_000);
    assertNull(tick());
  }

  @Test
  void notices_nowAndThen_endNothing() {
    notices(10, 2_500);
    assertNull(tick());
  }

  @Test
  void notices_severalAtTheStart_endNothing() {
    notices(190, 10);
    clock.advanceMs(10_000);
    assertNull(tick());
    notices(190, 10);
    assertNull(tick());
  }

  /** A transport that takes nothing. */
  private static final class NoTransport implements MediaTransport {

    @Override
    public int rtpChannel() {
      return 0;
    }

    @Override
    public int rtcpChannel() {
      return 1;
    }

    @Override
    public String header(int ssrc) {
      return "";
    }

    @Override
    public ByteBufAllocator allocator() {
      return ByteBufAllocator.DEFAULT;
    }

    @Override
    public boolean writable() {
      return false;
    }

    @Override
    public void sendRtp(ByteBuf packets) {
      packets.release();
    }

    @Override
    public void sendRtcp(ByteBuf packet) {
      packet.release();
    }

    @Override
    public void flush() {}

    @Override
    public long stalledSinceNs() {
      return -1;
    }

    @Override
    public void close() {}
  }
}
