package dev.nightfuse.encode;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Opens encoders of one kind for one view. Numbers of access units go on from one encoder to the
 * next, so a viewer sees no break. Safe for every thread.
 */
public final class GstEncoderFactory implements VideoEncoder.Factory {

  /** Of encoders that hang each keeps a thread, memory, and perhaps the hardware. */
  private static final int MOST_HUNG = 2;

  private final GstRuntime gst;
  private final EncoderKind kind;
  private final EncoderSettings settings;
  private final FrameClock clock;
  private final StageMetrics metrics;
  private final String role;
  private final AtomicLong sequence = new AtomicLong();

  /** All that were opened and have not ended; the view closes one before it opens the next. */
  private final List<GstVideoEncoder> alive = new ArrayList<>();

  /**
   * @param metrics takes the time from push to unit, and frames dropped because it was busy
   * @param stream name of the stream, for the thread's name
   */
  public GstEncoderFactory(
      GstRuntime gst,
      EncoderKind kind,
      EncoderSettings settings,
      FrameClock clock,
      StageMetrics metrics,
      String stream) {
    this.gst = gst;
    this.kind = kind;
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
    return opened;
  }
}
