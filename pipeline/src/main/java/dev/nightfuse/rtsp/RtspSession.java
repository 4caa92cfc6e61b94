package dev.nightfuse.rtsp;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.telemetry.StageMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoop;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One client watching one stream: its state, its queue at the stream, its RTP numbers. Belongs to
 * one connection and ends with it. Event loop thread only.
 */
final class RtspSession {
  /** ICMP notices are believed when they go on for this long: the client may just be starting. */
  private static final long UNREACHABLE_NS = 2_000_000_000L;

  /** Systems send one notice a second at least while packets come; a longer pause ends them. */
  private static final long UNREACHABLE_PAUSE_NS = 1_500_000_000L;

  private static final long REPORT_INTERVAL_NS = 5_000_000_000L;

  /** Spread over half an interval, lest all clients' reports fall together (RFC 3550 6.2). */
  private static final long REPORT_SPREAD_NS = REPORT_INTERVAL_NS / 2;

  private final String id;
  private final String name;
  private final RtspUrl url;
  private final VideoStream stream;
  private final MediaTransport transport;
  private final RtspContext context;
  private final EventLoop loop;
  private final StageMetrics metrics;
  private final RtpOrigin origin;
  private final RtpPacketizer packetizer;
  private final RtpTimeline timeline;
  private final RtcpWriter reports;

  private SessionState state = SessionState.INIT;
  private @Nullable Subscription subscription;
  private boolean ended;
  private boolean introduced;
  private boolean released;
  private long aliveNs;
  private long nextReportNs;
  private long unreachableFirstNs = -1;
  private long unreachableLastNs = -1;
  private long units;
  private long packets;
  private long payloadBytes;
  private long sentBytes;
  private long dropped;
  private long droppedBefore;
  private @Nullable ReceptionReport reception;
  private double roundTripMs = -1;

  RtspSession(
      String name,
      RtspUrl url,
      VideoStream stream,
      RtpOrigin origin,
      MediaTransport transport,
      RtspContext context,
      EventLoop loop) {
    this.id = context.newSessionId();
    this.name = name;
    this.url = url;
    this.stream = stream;
    this.origin = origin;
    this.transport = transport;
    this.context = context;
    this.loop = loop;
    this.metrics = context.sendMetrics.apply(stream.rig());
    this.packetizer =
        new RtpPacketizer(origin, transport.rtpChannel(), context.settings.maxPacketBytes());
    this.timeline = new RtpTimeline(origin.timestamp());
    this.reports = new RtcpWriter(origin.ssrc(), transport.rtcpChannel(), context.cname);
    touch();
    context.counters.sessionsStarted++;
  }

  String id() {
    return id;
  }

  RtspUrl url() {
    return url;
  }

  VideoStream stream() {
    return stream;
  }

  MediaTransport transport() {
    return transport;
  }

  /** The client has shown that it is there. */
  void touch() {
    aliveNs = context.clock.nowNs();
  }

  /** Moves on, or refuses with 455. */
  void checkState(RtspMethod method) {
    SessionState next = state.after(method);
    if (next == null) {
      throw new RtspException(
          RtspStatus.METHOD_NOT_VALID_IN_THIS_STATE, method + " in state " + state);
    }
    state = next;
  }

  /** Starts sending after the current task; returns the {@code RTP-Info} to announce it with. */
  String play() {
    boolean playing = subscription != null;
    checkState(RtspMethod.PLAY);
    String info = "url=" + url.trackControl(SdpWriter.TRACK) + ";seq=" + packetizer.nextSequence();
    if (playing) {
      return info; // Goes on as before; only the number of the next packet can be told.
    }
    int timestamp = timeline.restart();
    subscription = stream.subscribe("rtsp " + name, context.settings.queueUnits(), this::wakeUp);
    wakeUp();
    return info + ";rtptime=" + Integer.toUnsignedString(timestamp);
  }

  void pause() {
    checkState(RtspMethod.PAUSE);
    unsubscribe();
  }

  /** Sends what waits after the current task; any thread. */
  void wakeUp() {
    try {
      loop.execute(this::pump);
    } catch (RejectedExecutionException e) {
      // The server is closing and its loop is gone; nobody is left to send to.
    }
  }

  /** Sends what waits in the queue, as long as the client takes it. */
  void pump() {
    Subscription source = subscription;
    if (source == null) {
      return;
    }
    while (transport.writable()) {
      AccessUnit unit = source.poll();
      if (unit == null) {
        ended = source.ended();
        break;
      }
      send(unit);
    }
    countDrops(source);
  }

  private void send(AccessUnit unit) {
    boolean first = !timeline.running();
    int timestamp = timeline.pictureAt(unit.captureNs());
    ByteBuf buffer = packetizer.packetize(unit.payload(), timestamp, transport.allocator());
    if (first) {
      // Ahead of the first picture, so that a recorder knows the wall time of every one.
      sendReport(false);
    }
    int count = packetizer.packets();
    int bytes = buffer.readableBytes();
    units++;
    packets += count;
    sentBytes += bytes;
    payloadBytes += bytes - count * 16L; // without $ and RTP headers (RFC 3550 section 6.4.1)
    context.counters.units++;
    context.counters.packets += count;
    context.counters.bytes += bytes;
    transport.sendRtp(buffer);
    transport.flush();
    metrics.processed(unit.latencyNs(context.clock.nowNs()));
  }

  private void sendReport(boolean bye) {
    long nowNs = context.clock.nowNs();
    transport.sendRtcp(
        reports.senderReport(
            context.clock.wallNowNs(),
            timeline.at(nowNs),
            packets,
            payloadBytes,
            bye,
            transport.allocator()));
    introduced = true;
    nextReportNs =
        nowNs + REPORT_INTERVAL_NS + ThreadLocalRandom.current().nextLong(REPORT_SPREAD_NS);
  }

  /** A packet that came on the RTCP channel; does not take ownership. */
  void onRtcp(ByteBuf packet) {
    if (!RtcpReader.read(packet, origin.ssrc(), this::onReport)) {
      context.counters.rtcpIgnored++;
      return;
    }
    context.counters.rtcpReceived++;
    unreachableFirstNs = -1;
    unreachableLastNs = -1;
    touch();
  }

  private void onReport(ReceptionReport report) {
    reception = report;
    roundTripMs = report.roundTripMs(context.clock.wallNowNs());
  }

  void onUnreachable() {
    long nowNs = context.clock.nowNs();
    if (unreachableFirstNs < 0 || nowNs - unreachableLastNs > UNREACHABLE_PAUSE_NS) {
      unreachableFirstNs = nowNs;
    }
    unreachableLastNs = nowNs;
  }

  /** Does what is due; returns why the session must end, or null. */
  @Nullable String tick(long nowNs) {
    RtspTimeouts timeouts = context.settings.timeouts();
    if (ended) {
      return "stream ended";
    }
    if (nowNs - aliveNs > timeouts.sessionMs() * 1_000_000L) {
      context.counters.sessionsExpired++;
      return "neither request nor receiver report for " + timeouts.sessionMs() + " ms";
    }
    if (unreachableLastNs - unreachableFirstNs > UNREACHABLE_NS) {
      return "client's UDP port is unreachable";
    }
    long stalledSinceNs = transport.stalledSinceNs();
    if (stalledSinceNs >= 0 && nowNs - stalledSinceNs > timeouts.stalledReaderMs() * 1_000_000L) {
      context.counters.readersStalled++;
      return "client takes no data for " + timeouts.stalledReaderMs() + " ms";
    }
    if (timeline.running() && subscription != null && nowNs >= nextReportNs) {
      if (transport.writable()) {
        sendReport(false);
        transport.flush();
      }
    }
    Subscription source = subscription;
    if (source != null) {
      countDrops(source);
    }
    return null;
  }

  private void countDrops(Subscription source) {
    long now = droppedBefore + source.dropped();
    for (; dropped < now; dropped++) {
      context.counters.dropped++;
      metrics.dropped();
    }
  }

  private void unsubscribe() {
    Subscription source = subscription;
    if (source != null) {
      countDrops(source);
      droppedBefore = dropped;
      subscription = null;
      source.close();
    }
  }

  /** Says BYE and frees everything. Idempotent. */
  void close() {
    if (released) {
      return;
    }
    released = true;
    state = SessionState.CLOSED;
    unsubscribe();
    if (introduced && transport.writable()) {
      sendReport(true);
      transport.flush();
    }
    transport.close();
  }

  RtspStats.Reader stats() {
    ReceptionReport report = reception;
    return new RtspStats.Reader(
        name,
        stream.rig(),
        stream.view(),
        transport instanceof UdpTransport ? "udp" : "tcp",
        subscription != null,
        units,
        packets,
        sentBytes,
        dropped,
        report == null ? 0 : report.fractionLost(),
        report == null ? 0 : report.packetsLost(),
        report == null ? 0 : report.jitterTicks() * 1_000.0 / RtpTimeline.CLOCK_HZ,
        roundTripMs);
  }
}
