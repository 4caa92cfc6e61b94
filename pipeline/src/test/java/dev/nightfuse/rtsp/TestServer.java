package dev.nightfuse.rtsp;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.Passwords;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.H264Sample;
import dev.nightfuse.testing.HandClock;
import java.io.IOException;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A server on a free port of this machine with two views of one rig. */
final class TestServer implements AutoCloseable {
  static final RtpOrigin ORIGIN = new RtpOrigin(0xCAFEBABE, 65_530, -3_000);

  final HandClock clock = new HandClock();
  final StageMetrics metrics = new StageMetrics("demo", "send");
  final FakeStream fused;
  final FakeStream visible;
  final RtspServer server;
  private final boolean tls;

  TestServer() throws IOException {
    this(UnaryOperator.identity(), UnaryOperator.identity());
  }

  TestServer(Passwords passwords) throws IOException {
    this(
        UnaryOperator.identity(),
        UnaryOperator.identity(),
        H264Sample.synthetic(60, 30, 3_000),
        true,
        passwords,
        null);
  }

  TestServer(UnaryOperator<RtspLimits> limits, UnaryOperator<RtspTimeouts> timeouts)
      throws IOException {
    this(limits, timeouts, H264Sample.synthetic(60, 30, 3_000), true);
  }

  TestServer(
      UnaryOperator<RtspLimits> limits,
      UnaryOperator<RtspTimeouts> timeouts,
      H264Sample sample,
      boolean udp)
      throws IOException {
    this(limits, timeouts, sample, udp, Passwords.NONE, null);
  }

  TestServer(
      UnaryOperator<RtspLimits> limits,
      UnaryOperator<RtspTimeouts> timeouts,
      H264Sample sample,
      boolean udp,
      Passwords passwords,
      @Nullable ServerCertificate certificate)
      throws IOException {
    tls = certificate != null;
    fused = new FakeStream("demo", View.FUSED, sample, clock);
    visible = new FakeStream("demo", View.VISIBLE, sample, clock);
    server =
        new RtspServer(
            settings(
                udp, limits.apply(RtspLimits.defaults()), timeouts.apply(RtspTimeouts.defaults())),
            () -> List.of(fused, visible),
            clock,
            rig -> metrics,
            () -> ORIGIN,
            new Gate(passwords, clock),
            certificate);
    server.start();
  }

  /** For players: real time, random numbers. */
  static RtspServer live(
      List<VideoStream> streams, FrameClock clock, StageMetrics metrics, boolean udp)
      throws IOException {
    return live(streams, clock, metrics, udp, new Gate(Passwords.NONE, FrameClock.system()), null);
  }

  static RtspServer live(
      List<VideoStream> streams,
      FrameClock clock,
      StageMetrics metrics,
      boolean udp,
      Gate gate,
      @Nullable ServerCertificate certificate)
      throws IOException {
    RtspServer server =
        new RtspServer(
            settings(udp, RtspLimits.defaults(), RtspTimeouts.defaults()),
            () -> streams,
            clock,
            rig -> metrics,
            gate,
            certificate);
    server.start();
    return server;
  }

  private static RtspSettings settings(boolean udp, RtspLimits limits, RtspTimeouts timeouts) {
    return new RtspSettings("127.0.0.1", 0, udp, 0, 0, 1_452, 30, limits, timeouts);
  }

  RtspTestClient connect() throws IOException {
    return new RtspTestClient(server.port());
  }

  String url() {
    return (tls ? "rtsps" : "rtsp") + "://127.0.0.1:" + server.port() + "/demo/fused";
  }

  String track() {
    return url() + "/trackID=0";
  }

  /** Sets up interleaved playing of {@code fused} and returns the session id. */
  String play(RtspTestClient client) throws IOException {
    String session =
        client
            .request("SETUP", track(), "Transport: RTP/AVP/TCP;unicast;interleaved=0-1")
            .session();
    RtspTestClient.Response played = client.request("PLAY", url(), "Session: " + session);
    if (played.status() != 200) {
      throw new AssertionError(played.toString());
    }
    return session;
  }

  @Override
  public void close() {
    server.close();
  }
}
