package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.AppSink;
import dev.nightfuse.gst.AppSource;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.gst.GstSample;
import dev.nightfuse.mp4.ParameterSets;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.telemetry.StageMetrics;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An encoder as a GStreamer pipeline.
 *
 * <pre>
 *   push: appsrc (one copy) --> encoder --> h264parse --> appsink --> "encode" thread: listener
 * </pre>
 *
 * The encode thread owns the pipeline from start to end and tears it down, so that a pipeline that
 * hangs takes nobody with it.
 *
 * <p>Of frames with an odd side the last column or row is left out: its chroma is half a sample.
 */
final class GstVideoEncoder implements VideoEncoder {

  private static final Logger LOG = LoggerFactory.getLogger(GstVideoEncoder.class);
  private static final long PULL_MS = 50;
  private static final long CLOSE_MS = 3_000;

  private final Setup setup;
  private final FrameFormat format;
  private final int widthPx;
  private final int heightPx;
  private final Listener listener;

  private final GstPipeline pipeline;
  private final AppSource source;
  private final AppSink sink;
  private final Thread thread;
  private final InFlight inFlight = new InFlight();

  /** Held while elements are used from outside the encode thread, so that they still exist. */
  private final Object gate = new Object();

  private boolean tornDown;

  private volatile boolean stopping;
  private volatile @Nullable String failure;

  // The pusher's.
  private boolean started;
  private long originNs;
  private long keyFrameNs;
  private boolean keyFrameDue;

  /** Written by the encode thread. */
  private volatile @Nullable StreamInfo info;

  /**
   * Everything but the picture size.
   *
   * @param chain from raw I420 to H.264 in the syntax of {@code gst-launch-1.0}
   * @param maxInFlight frames inside at once; more are dropped
   * @param metrics takes the time from push to unit
   * @param sequences numbers the access units
   * @param role name of the thread
   */
  record Setup(
      String chain,
      int maxInFlight,
      EncoderSettings settings,
      FrameClock clock,
      StageMetrics metrics,
      LongSupplier sequences,
      String role) {}

  GstVideoEncoder(GstRuntime gst, Setup setup, FrameFormat format, Listener listener)
      throws EncoderException {
    if (format.pixelFormat() != PixelFormat.I420) {
      throw new EncoderException("cannot encode %s: I420 is needed".formatted(format));
    }
    this.setup = setup;
    this.format = format;
    this.widthPx = format.widthPx() & ~1;
    this.heightPx = format.heightPx() & ~1;
    this.listener = listener;
    GstPipeline made = null;
    try {
      made = gst.parse(description());
      this.source = made.source("source");
      this.sink = made.sink("sink");
      made.play();
    } catch (GstException e) {
      if (made != null) {
        made.close();
      }
      throw new EncoderException("encoder does not start: " + e.getMessage(), e);
    }
    this.pipeline = made;
    this.thread = new Thread(this::run, setup.role);
    thread.setDaemon(true);
    thread.start();
  }

  private String description() {
    // The rate is in thousandths; buffers carry their own times.
    return ("appsrc name=source format=time is-live=true block=false max-buffers=8"
            + " caps=video/x-raw,format=I420,width=%d,height=%d,framerate=%d/1000,"
            + "colorimetry=bt601,pixel-aspect-ratio=1/1,interlace-mode=progressive"
            + " ! %s ! h264parse config-interval=-1"
            + " ! video/x-h264,stream-format=byte-stream,alignment=au"
            + " ! appsink name=sink sync=false max-buffers=8 drop=false enable-last-sample=false")
        .formatted(
            widthPx, heightPx, Math.round(setup.settings.framesPerSecond() * 1000), setup.chain);
  }

  @Override
  public boolean push(Frame frame, long captureNs, long captureWallNs, long contentAgeNs) {
    if (!frame.format().equals(format)) {
      throw new IllegalArgumentException(
          "frame %s into an encoder of %s".formatted(frame.format(), format));
    }
    boolean taken = failure == null && inFlight.size() < setup.maxInFlight;
    if (taken) {
      synchronized (gate) {
        taken = !tornDown && feed(frame, captureNs, captureWallNs, contentAgeNs);
      }
    }
    if (!taken) {
      setup.metrics.dropped();
    }
    return taken;
  }

  private boolean feed(Frame frame, long captureNs, long captureWallNs, long contentAgeNs) {
    if (!started) {
      started = true;
      originNs = captureNs;
      keyFrameNs = captureNs;
    } else if (keyFrameDue || captureNs - keyFrameNs >= setup.settings.keyIntervalNs()) {
      // Safe beside the encode thread's pull: elements lock for themselves.
      sink.requestKeyFrame();
      keyFrameNs = captureNs;
    }
    keyFrameDue = false;
    long runningNs = captureNs - originNs;
    inFlight.add(
        new InFlight.Entry(runningNs, captureNs, captureWallNs, contentAgeNs, setup.clock.nowNs()));
    long periodNs = Math.round(1e9 / setup.settings.framesPerSecond());
    if (source.push(frame, widthPx, heightPx, runningNs, periodNs)) {
      return true;
    }
    inFlight.removeLast();
    return false;
  }

  @Override
  public void requestKeyFrame() {
    keyFrameDue = true;
  }

  @Override
  public @Nullable String failure() {
    String reason = failure;
    if (reason != null) {
      return reason;
    }
    return inFlight.oldestAgeNs(setup.clock.nowNs()) > setup.settings.stallNs()
        ? "no output for %d ms".formatted(setup.settings.stallMs())
        : null;
  }

  private void run() {
    try {
      while (!stopping) {
        try (GstSample sample = sink.tryPull(PULL_MS)) {
          pipeline.check();
          if (sample != null) {
            deliver(sample);
          } else if (sink.isEos()) {
            throw new GstException("stream ended by itself");
          }
        }
      }
    } catch (GstException e) {
      failure = e.getMessage();
    } catch (RuntimeException e) {
      LOG.error("{} stopped", thread.getName(), e);
      failure = e.toString();
    } finally {
      synchronized (gate) {
        tornDown = true;
      }
      pipeline.close();
    }
  }

  private void deliver(GstSample sample) throws GstException {
    byte[] payload = sample.bytes();
    InFlight.Entry entry = inFlight.take(sample.runningTimeNs());
    for (long skipped = inFlight.takeSkipped(); skipped > 0; skipped--) {
      setup.metrics.dropped();
    }
    if (entry == null) {
      // Some encoders split off a unit of parameter sets alone; it belongs to no frame.
      return;
    }
    boolean key = sample.isKeyFrame() && describe(payload);
    if (stopping || info == null) {
      return;
    }
    setup.metrics.processed(setup.clock.nowNs() - entry.pushedNs());
    listener.encoded(
        new AccessUnit(
            payload,
            key,
            setup.sequences.getAsLong(),
            entry.captureNs(),
            entry.captureWallNs(),
            entry.contentAgeNs()));
  }

  /** Whether decoding can start here; parsers also call an intra picture inside a group a key. */
  private boolean describe(byte[] payload) {
    byte[] sps = ParameterSets.sps(payload);
    byte[] pps = ParameterSets.pps(payload);
    if (sps == null || pps == null || !ParameterSets.hasIdr(payload)) {
      return false;
    }
    StreamInfo known = info;
    if (known == null || ParameterSets.differ(known, sps, pps)) {
      StreamInfo found =
          new StreamInfo(widthPx, heightPx, setup.settings.framesPerSecond(), sps, pps);
      info = found;
      listener.described(found);
    }
    return true;
  }

  @Override
  public void close() {
    stopping = true;
    try {
      thread.join(CLOSE_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.error("{} hangs in GStreamer and is left behind", thread.getName());
    }
  }

  /** Whether any picture came out. */
  boolean delivered() {
    return info != null;
  }

  /** Whether nothing of it is left; false for one that hangs. */
  boolean ended() {
    return !thread.isAlive();
  }
}
