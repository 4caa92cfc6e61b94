package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.telemetry.StageMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One view of one rig: draws, encodes and publishes the newest fused frame, and only while the hub
 * says that someone watches.
 *
 * <p><b>Threads.</b> {@link #offer} from the fusing thread, never waits. One thread of its own,
 * {@code view-RIG-VIEW}, draws and feeds the encoder; started by the constructor, joined by {@link
 * #close}.
 *
 * <pre>
 *   OFF --wanted and a frame--> ENCODING --unwanted for a while--> OFF
 *                                  | failed or silent: close, wait (not at first, then 0.5 to 8 s)
 *                                  +--> OFF
 * </pre>
 *
 * <p><b>Rate.</b> Encoders spread their bits over as many pictures a second as they are told of, so
 * they are told of as many as come, and are rebuilt when that has changed for good, as when a
 * camera exposes longer at night.
 *
 * <p><b>Drops.</b> A frame that a newer one overtook, that came out of order, or that found the
 * encoder busy is counted in the encoder's metrics; one that could not be drawn, by whoever draws.
 */
public final class ViewPublisher implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ViewPublisher.class);

  private static final long TICK_MS = 200;
  private static final long JOIN_MS = 5_000;
  private static final long FIRST_BACKOFF_NS = 500_000_000L;
  private static final long LONGEST_BACKOFF_NS = 8_000_000_000L;

  /** Beyond that factor another rate is another, when it has been so for that long. */
  private static final double OTHER_RATE = 1.6;

  private static final long OTHER_RATE_NS = 20_000_000_000L;

  private final StreamHub hub;
  private final PictureSource pictures;
  private final VideoEncoder.Factory encoders;
  private final FrameClock clock;
  private final StageMetrics encoding;
  private final NewestFrame newest = new NewestFrame();
  private final PictureRate rate = new PictureRate();
  private final Thread thread;
  private volatile boolean stopping;

  // Everything below belongs to the view thread.
  private @Nullable Session session;
  private long lastCaptureNs = Long.MIN_VALUE;
  private long backoffNs;
  private long failedNs;

  /** When pictures last came at the rate that the encoder was told. */
  private long asToldNs;

  /**
   * @param encoding counts frames that were dropped before the encoder
   */
  public ViewPublisher(
      StreamHub hub,
      PictureSource pictures,
      VideoEncoder.Factory encoders,
      FrameClock clock,
      StageMetrics encoding) {
    this.hub = hub;
    this.pictures = pictures;
    this.encoders = encoders;
    this.clock = clock;
    this.encoding = encoding;
    this.thread = new Thread(this::run, "view-" + hub.rig() + "-" + hub.view().label());
    thread.setDaemon(true);
    thread.start();
  }

  /** Shows a frame to this view, which keeps it only if someone watches. Never waits. */
  public void offer(FusedFrame frame) {
    // Without a camera the last picture is repeated; that is no rate to get used to.
    if (!frame.repeated() || frame.degradations().contains(Degradation.ENGINE_SLOW)) {
      rate.picture(frame.captureNs());
    }
    // The first pictures after somebody has come may still be without labels; others follow.
    boolean lacksLabels = hub.view().showsLabels() && frame.labelsLeftOut();
    if (!hub.wanted() || lacksLabels) {
      return;
    }
    FusedFrame displaced = newest.put(frame.retain());
    if (displaced != null) {
      displaced.release();
      encoding.dropped();
    }
  }

  private void run() {
    try {
      while (!stopping) {
        FusedFrame frame = newest.take(TICK_MS);
        try {
          step(frame);
        } catch (EncoderException e) {
          fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | OutOfMemoryError e) {
          // Memory for its pictures may be free at a later attempt.
          LOG.error("view {} failed", hub, e);
          fail(e.toString());
        } finally {
          if (frame != null) {
            frame.release();
          }
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      off();
    }
  }

  private void step(@Nullable FusedFrame fused) throws EncoderException {
    if (!hub.wanted()) {
      off();
      return;
    }
    Session current = session;
    if (current != null) {
      String failure = current.encoder.failure();
      if (failure != null) {
        throw new EncoderException(failure);
      }
    }
    if (fused == null) {
      return;
    }
    boolean pausing = backoffNs > 0 && clock.nowNs() - failedNs < backoffNs;
    if (pausing || fused.captureNs() <= lastCaptureNs) {
      encoding.dropped();
      return;
    }
    Frame picture = pictures.draw(fused);
    if (picture == null) {
      return;
    }
    try {
      encode(picture, fused);
    } finally {
      picture.release();
    }
  }

  private void encode(Frame picture, FusedFrame fused) throws EncoderException {
    Session current = session;
    double fps = rate.perSecond();
    if (current != null && (!current.format.equals(picture.format()) || isOther(fps, current))) {
      off();
      current = null;
    }
    if (current == null) {
      current = new Session(picture.format(), fps > 0 ? fps : VideoEncoder.USUAL_FPS);
      session = current;
      asToldNs = clock.nowNs();
      LOG.info(
          "view {} is encoded by {} as {} at {} per second",
          hub,
          encoders.name(),
          picture.format(),
          Math.round(current.framesPerSecond));
    }
    if (hub.takeKeyFrameRequest()) {
      current.encoder.requestKeyFrame();
    }
    long ageNs = hub.view().showsFused() ? fused.fusedAgeNs() : 0;
    if (current.encoder.push(picture, fused.captureNs(), fused.captureWallNs(), ageNs)) {
      lastCaptureNs = fused.captureNs();
    }
  }

  private boolean isOther(double fps, Session current) {
    double told = current.framesPerSecond;
    long nowNs = clock.nowNs();
    if (fps == 0 || Math.max(fps / told, told / fps) <= OTHER_RATE) {
      asToldNs = nowNs;
    }
    return nowNs - asToldNs >= OTHER_RATE_NS;
  }

  /** At once after a good run; with growing pauses when the new one fails too. */
  private void fail(String reason) {
    Session failed = session;
    if (failed != null && failed.delivered) {
      backoffNs = 0;
    } else {
      backoffNs = Math.max(FIRST_BACKOFF_NS, Math.min(2 * backoffNs, LONGEST_BACKOFF_NS));
    }
    failedNs = clock.nowNs();
    LOG.warn(
        "encoder {} of view {} failed and is rebuilt in {} ms: {}",
        encoders.name(),
        hub,
        backoffNs / 1_000_000,
        reason);
    off();
  }

  private void off() {
    Session last = session;
    if (last != null) {
      session = null;
      last.close();
      hub.idle();
    }
  }

  /** Ends the thread and the encoder; bounded. The hub stays the owner's to close. Idempotent. */
  @Override
  public void close() {
    stopping = true;
    FusedFrame left = newest.close();
    if (left != null) {
      left.release();
    }
    try {
      thread.join(JOIN_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.error("{} does not end and is left behind", thread.getName());
    }
  }

  /** One encoder's life. What an encoder that was left behind still says is not heard. */
  private final class Session implements VideoEncoder.Listener {

    private final FrameFormat format;
    private final double framesPerSecond;
    private final VideoEncoder encoder;
    private volatile boolean delivered;
    private volatile boolean over;

    Session(FrameFormat format, double framesPerSecond) throws EncoderException {
      this.format = format;
      this.framesPerSecond = framesPerSecond;
      this.encoder = encoders.open(format, framesPerSecond, this);
    }

    @Override
    public void described(StreamInfo info) {
      if (!over) {
        hub.described(info, encoders.name());
      }
    }

    @Override
    public void encoded(AccessUnit unit) {
      if (!over) {
        delivered = true;
        hub.publish(unit);
      }
    }

    void close() {
      over = true;
      encoder.close();
    }
  }
}
