package dev.nightfuse.dashboard;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.mp4.LiveFragments;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.VideoStream;
import io.vertx.core.Context;
import io.vertx.core.http.ServerWebSocket;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One viewer: takes access units from its subscription as fast as the connection takes bytes.
 *
 * <p>Memory per viewer is bounded by the write queue, the socket's send buffer and the
 * subscription's queue. While the write queue is full nothing is polled, so the subscription skips
 * to the next key frame by itself; a viewer that takes nothing for the stall time is closed.
 *
 * <p>States: waiting for the stream's parameters, then sending, then closed. Everything except the
 * wake-up runs on the event loop of the connection.
 */
final class VideoSocket {

  private static final Logger LOG = LoggerFactory.getLogger(VideoSocket.class);

  // About ten pictures at 5 Mbit/s; more would only be latency.
  private static final int WRITE_QUEUE_BYTES = 256 * 1024;
  private static final Duration CLOSING = Duration.ofMillis(500);

  // Close codes of RFC 6455 and the IANA registry.
  static final short GOING_AWAY = 1001;
  static final short TOO_SLOW = 1008;
  static final short INTERNAL_ERROR = 1011;
  static final short STREAM_RESTARTS = 1012;
  static final short NO_PICTURE = 1013;

  private final Context loop;
  private final ServerWebSocket socket;
  private final VideoStream stream;
  private final DashboardSettings settings;
  private final FrameClock clock;
  private final String name;

  private @Nullable Subscription subscription;
  private @Nullable StreamInfo info;
  private @Nullable LiveFragments fragments;
  private boolean closed;
  private long lastProgressNs;

  VideoSocket(
      Context loop,
      ServerWebSocket socket,
      VideoStream stream,
      DashboardSettings settings,
      FrameClock clock) {
    this.loop = loop;
    this.socket = socket;
    this.stream = stream;
    this.settings = settings;
    this.clock = clock;
    this.name = "web " + socket.remoteAddress();
    this.lastProgressNs = clock.nowNs();
  }

  /** Begins; {@code onClosed} runs once, on the event loop, when the viewer is gone. */
  void start(Runnable onClosed) {
    socket.setWriteQueueMaxSize(WRITE_QUEUE_BYTES);
    socket.exceptionHandler(e -> LOG.debug("{}: {}", name, e.toString()));
    socket.drainHandler(v -> pump());
    socket.closeHandler(
        v -> {
          release();
          onClosed.run();
        });
    var unused =
        stream.info().whenComplete((got, error) -> loop.runOnContext(v -> subscribe(got, error)));
  }

  private void subscribe(@Nullable StreamInfo got, @Nullable Throwable error) {
    if (closed) {
      return;
    }
    if (got == null) {
      LOG.debug("{}: no picture: {}", name, String.valueOf(error));
      close(NO_PICTURE, "no picture from this view now");
      return;
    }
    info = got;
    subscription =
        stream.subscribe(name, settings.queueUnits(), () -> loop.runOnContext(v -> pump()));
    pump();
  }

  private void pump() {
    Subscription from = subscription;
    if (closed || from == null || socket.isClosed()) {
      return;
    }
    try {
      while (!socket.writeQueueFull()) {
        AccessUnit unit = from.poll();
        if (unit == null) {
          if (from.ended()) {
            close(STREAM_RESTARTS, "the stream ended");
          }
          // An empty queue on our side is progress too: the viewer has taken everything.
          lastProgressNs = clock.nowNs();
          return;
        }
        send(unit);
        lastProgressNs = clock.nowNs();
      }
    } catch (RuntimeException e) {
      LOG.warn("{}: closed because a picture could not be packed", name, e);
      close(INTERNAL_ERROR, "internal error");
    }
  }

  private void send(AccessUnit unit) {
    LiveFragments to = fragments;
    StreamInfo known = info;
    if (known == null) {
      return;
    }
    if (to == null) {
      to = new LiveFragments(known, unit);
      fragments = to;
      socket.writeBinaryMessage(WireFormat.init(to.initSegment()));
    }
    double mediaMs = (unit.captureNs() - to.originNs()) / 1e6;
    socket.writeBinaryMessage(
        WireFormat.picture(
            to.next(unit),
            unit.keyFrame(),
            unit.sequence(),
            (unit.captureWallNs() - unit.contentAgeNs()) / 1e6,
            mediaMs,
            clock.wallNowNs() / 1e6));
  }

  /** Called about once a second: closes a viewer that takes nothing. */
  void checkProgress(long nowNs) {
    boolean stalled = nowNs - lastProgressNs > settings.stallTimeoutMs() * 1_000_000L;
    if (!closed && stalled && !socket.isClosed() && socket.writeQueueFull()) {
      LOG.info("{}: closed, took no data for {} ms", name, settings.stallTimeoutMs());
      close(TOO_SLOW, "too slow");
    }
  }

  /** Ends the viewer at once on our side; the connection goes within half a second. */
  void close(short code, String reason) {
    release();
    // The close frame of a stuck viewer never leaves; the timeout then cuts the connection.
    socket.shutdown(CLOSING, code, reason);
  }

  private void release() {
    closed = true;
    Subscription held = subscription;
    if (held != null) {
      subscription = null;
      held.close();
    }
  }
}
