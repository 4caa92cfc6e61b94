package dev.nightfuse.encode;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens encoders for one view: of one kind, and of the next where that gives no picture any more.
 * Numbers of access units go on from one encoder to the next, so a viewer sees no break. Safe for
 * every thread.
 */
public final class GstEncoderFactory implements VideoEncoder.Factory {

  /** Of encoders that hang each keeps a thread, memory, and perhaps the hardware. */
  private static final int MOST_HUNG = 2;

  /** Twice without a picture in a row is no hiccup. */
  private static final int ATTEMPTS = 2;

  private static final Logger LOG = LoggerFactory.getLogger(GstEncoderFactory.class);

  private final GstRuntime gst;
  private final Iterator<EncoderKind> others;
  private final EncoderSettings settings;
  private final FrameClock clock;
  private final StageMetrics metrics;
  private final String role;
  private final AtomicLong sequence = new AtomicLong();

  /** All that were opened and have not ended; the view closes one before it opens the next. */
  private final List<GstVideoEncoder> alive = new ArrayList<>();

  private volatile EncoderKind kind;
  private @Nullable GstVideoEncoder newest;

  /** Since one last gave a picture. */
  private int attempts;

  /**
   * @param kinds best first, at least one
   * @param metrics takes the time from push to unit, and frames dropped because it was busy
   * @param stream name of the stream, for the thread's name
   */
  public GstEncoderFactory(
      GstRuntime gst,
      List<EncoderKind> kinds,
      EncoderSettings settings,
      FrameClock clock,
      StageMetrics metrics,
      String stream) {
    this.gst = gst;
    this.others = kinds.iterator();
    this.kind = others.next();
    this.settings = settings;
    this.clock = clock;
    this.metrics = metrics;
    this.role = "encode-" + stream;
  }

  @Override
  public String name() {
    return kind.element();
  }

  @Override
  public synchronized VideoEncoder open(
      FrameFormat format, double framesPerSecond, VideoEncoder.Listener listener)
      throws EncoderException {
    alive.removeIf(GstVideoEncoder::ended);
    giveWay();
    if (alive.size() >= MOST_HUNG) {
      throw new EncoderException("%d encoders before it still hang".formatted(alive.size()));
    }
    EncoderSettings now = settings.at(framesPerSecond);
    GstVideoEncoder.Setup setup =
        new GstVideoEncoder.Setup(
            kind.chain(now),
            kind.maxInFlight(),
            now,
            clock,
            metrics,
            sequence::getAndIncrement,
            role);
    GstVideoEncoder opened = new GstVideoEncoder(gst, setup, format, listener);
    alive.add(opened);
    newest = opened;
    return opened;
  }

  private void giveWay() {
    GstVideoEncoder last = newest;
    newest = null;
    if (last != null && last.delivered()) {
      attempts = 0;
    }
    if (attempts >= ATTEMPTS && others.hasNext()) {
      EncoderKind next = others.next();
      LOG.warn(
          "{}: {} gave no picture in {} attempts; {} takes its place until the program ends",
          role,
          kind.element(),
          attempts,
          next.element());
      kind = next;
      attempts = 0;
      // What hangs there is not in its way.
      alive.clear();
    }
    attempts++;
  }
}
