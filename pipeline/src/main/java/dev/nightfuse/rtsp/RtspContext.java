package dev.nightfuse.rtsp;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.OnceAMinute;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.StreamDirectory;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.telemetry.StageMetrics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all connections of one server share. Event loop thread only. */
final class RtspContext {
  private static final Logger LOG = LoggerFactory.getLogger(RtspContext.class);

  final RtspSettings settings;
  final StreamDirectory streams;
  final FrameClock clock;
  final Function<String, StageMetrics> sendMetrics;
  final Supplier<RtpOrigin> origins;
  final UdpPorts udpPorts;
  final DigestLogin login;
  final Gate gate;

  /** Whether clients have to speak TLS. */
  final boolean tls;

  /** What strangers do wrong. */
  final OnceAMinute strangers;

  final RtspCounters counters = new RtspCounters();
  final Set<RtspConnection> connections = new LinkedHashSet<>();

  /** Canonical name of this server in RTCP: random per start (RFC 7022 section 4.2). */
  final String cname;

  private final SecureRandom random = new SecureRandom();

  RtspContext(
      RtspSettings settings,
      StreamDirectory streams,
      FrameClock clock,
      Function<String, StageMetrics> sendMetrics,
      Supplier<RtpOrigin> origins,
      Gate gate,
      boolean tls) {
    this.settings = settings;
    this.streams = streams;
    this.clock = clock;
    this.sendMetrics = sendMetrics;
    this.origins = origins;
    this.udpPorts = new UdpPorts(settings.udpFirstPort(), settings.udpLastPort());
    this.login = new DigestLogin(gate.passwords(), clock, randomBytes(32));
    this.gate = gate;
    this.tls = tls;
    this.strangers = new OnceAMinute(clock, LOG::info);
    this.cname = Base64.getEncoder().encodeToString(randomBytes(12));
  }

  /** 128 random bits: a session id cannot be guessed (RFC 2326 section 3.4 asks for 8 octets). */
  String newSessionId() {
    return HexFormat.of().formatHex(randomBytes(16));
  }

  private byte[] randomBytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  int readersOf(VideoStream stream) {
    return (int)
        connections.stream()
            .map(RtspConnection::session)
            .filter(s -> s != null && s.stream() == stream)
            .count();
  }

  int connectionsFrom(InetAddress address) {
    return (int) connections.stream().filter(c -> c.remote().getAddress().equals(address)).count();
  }

  /** Whether a session already sends to that address and port. */
  boolean sendsTo(InetSocketAddress destination) {
    for (RtspConnection connection : connections) {
      RtspSession session = connection.session();
      if (session != null
          && session.transport() instanceof UdpTransport udp
          && udp.destination().equals(destination)) {
        return true;
      }
    }
    return false;
  }
}
