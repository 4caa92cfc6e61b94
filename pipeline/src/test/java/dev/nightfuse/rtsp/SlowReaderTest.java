package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.HandClock;
import dev.nightfuse.testing.TestCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** One reader that does not keep up is nobody else's business. */
@ExtendWith(NettyLeaks.class)
final class SlowReaderTest {
  private static final Duration FRAME = Duration.ofNanos(33_333_333);

  @TempDir private static Path folder;
  private static TestCertificate certificate;
  private static SSLContext client;

  @BeforeAll
  static void makeCertificate() throws Exception {
    certificate = TestCertificate.make(folder, "slow");
    client = TestCertificate.trusting(certificate);
  }

  private static TestServer server(int stalledReaderMs, boolean tls) throws Exception {
    return new TestServer(
        UnaryOperator.identity(),
        t -> new RtspTimeouts(10_000, 10_000, 60_000, stalledReaderMs, 6_000),
        H264Sample.synthetic(90, 30, 20_000),
        true,
        Passwords.NONE,
        tls
            ? new ServerCertificate(certificate.certificate(), certificate.key(), new HandClock())
            : null);
  }

  private static RtspTestClient connect(TestServer server, int receiveBufferBytes, boolean tls)
      throws IOException {
    return new RtspTestClient(server.server.port(), receiveBufferBytes, tls ? client : null);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reader_stopsReading_skipsToAKeyFrameWhileOthersSeeNoGap(boolean tls) throws Exception {
    try (TestServer server = server(600_000, tls);
        RtspTestClient slow = connect(server, 16_384, tls);
        RtspTestClient fast = connect(server, 0, tls)) {
      server.play(slow);
      server.play(fast);
      int sequence = -1;
      // 16 MB: more than the buffers on the way to the slow reader and its queue can hold.
      for (int i = 0; i < 800; i++) {
        server.fused.publish();
        server.clock.advance(FRAME);
        for (RtpPackets.Packet packet : RtpPackets.readPicture(fast, 0)) {
          assertTrue(sequence < 0 || packet.sequence() == ((sequence + 1) & 0xffff), "gap");
          sequence = packet.sequence();
        }
        if (i % 100 == 99) {
          fast.sendFrame(1, PlayTest.receiverReport(TestServer.ORIGIN.ssrc(), 0, 0, 0));
          slow.sendFrame(1, PlayTest.receiverReport(TestServer.ORIGIN.ssrc(), 0, 0, 0));
        }
      }
      Await.until(
          "loss counted the same everywhere",
          () ->
              server.server.stats().dropped() > 100
                  && server.metrics.droppedCount() == server.server.stats().dropped());

      // The slow one wakes up: what was on its way comes whole, then it goes on at a key frame.
      List<RtpPackets.Packet> before = RtpPackets.readPicture(slow, 0);
      List<RtpPackets.Packet> picture = before;
      boolean skipped = false;
      while (!skipped) {
        server.fused.publish();
        server.clock.advance(FRAME);
        RtpPackets.readPicture(fast, 0);
        picture = RtpPackets.readPicture(slow, 0);
        RtpPackets.Packet last = before.get(before.size() - 1);
        assertEquals(
            (last.sequence() + 1) & 0xffff, picture.get(0).sequence(), "no packet is lost");
        skipped = picture.get(0).timestamp() - last.timestamp() > 3_100;
        before = picture;
      }
      assertEquals(24, picture.get(0).type(), "parameter sets of a key frame");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void reader_neverReadsAgain_isClosed(boolean tls) throws Exception {
    try (TestServer server = server(10_000, tls);
        RtspTestClient slow = connect(server, 16_384, tls);
        RtspTestClient fast = connect(server, 0, tls)) {
      server.play(slow);
      server.play(fast);
      for (int i = 0; i < 400; i++) {
        server.fused.publish();
        RtpPackets.readPicture(fast, 0);
      }
      server.clock.advance(Duration.ofSeconds(11));
      // What the kernel still takes, late, begins the stall anew, or leaves nothing to wait for:
      // time and pictures go on until it takes no more, and reports keep both sessions from ending
      // for want of them.
      AtomicInteger steps = new AtomicInteger();
      Await.until(
          "closed",
          () -> {
            if (server.server.stats().readersStalled() == 0) {
              server.clock.advance(Duration.ofMillis(250));
              show(server, fast);
              if (steps.incrementAndGet() % 20 == 0) {
                report(fast);
                report(slow);
              }
            }
            return server.server.stats().readersStalled() == 1;
          });
      assertEquals(1, server.fused.viewers());
      server.fused.publish();
      RtpPackets.readPicture(fast, 0);
    }
  }

  private static void show(TestServer server, RtspTestClient client) {
    server.fused.publish();
    try {
      RtpPackets.readPicture(client, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void report(RtspTestClient client) {
    try {
      client.sendFrame(1, PlayTest.receiverReport(TestServer.ORIGIN.ssrc(), 0, 0, 0));
    } catch (IOException e) {
      // Closed in the meantime, which is what is waited for.
    }
  }
}
