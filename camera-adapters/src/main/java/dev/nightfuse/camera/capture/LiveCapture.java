package dev.nightfuse.camera.capture;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.SilenceLimit;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.gst.AppSink;
import dev.nightfuse.gst.FrameCopier;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstSample;

/**
 * Pulls a live camera's frames out of a pipeline until asked to stop. The pipeline ends in {@link
 * CaptureFormat#video} with {@link #SINK_PROPERTIES}: when this thread is late, it finds the newest
 * frames and not a queue.
 *
 * <p><b>Capture time</b> is now minus the frame's age, and the age is read on the pipeline's own
 * clock: whatever that clock is and however it drifts against the {@link
 * dev.nightfuse.frame.FrameClock}, the error is that of one age.
 */
public final class LiveCapture {

  /** For {@link CaptureFormat#video}. */
  public static final String SINK_PROPERTIES = "max-buffers=2 drop=true";

  /** Loss is told within a second. */
  private static final long USUAL_SILENCE_MS = 900;

  private static final long MILLI_NS = 1_000_000L;
  private static final long PULL_MS = 50;

  /** An age beyond this says more about a stream's time stamps than about the frame. */
  private static final long OLDEST_NS = 5_000 * MILLI_NS;

  /** A gap in a driver's numbers beyond this is a new count. */
  private static final long WIDEST_GAP = 300;

  private final CameraSettings settings;
  private final long connectMs;
  private final long silenceMs;
  private long lastNumber = -1;

  /**
   * @param connectMs longest wait for the first frame
   * @param silenceMs longest wait for each further one; 0 for what the camera's own rate asks for
   */
  public LiveCapture(CameraSettings settings, long connectMs, long silenceMs) {
    this.settings = settings;
    this.connectMs = connectMs;
    this.silenceMs = silenceMs;
  }

  /**
   * Plays the pipeline, which stays the caller's to close.
   *
   * @throws CameraException when it ends or falls silent
   * @throws GstException when it fails
   */
  public void run(GstPipeline pipeline, FrameSink sink, StopSignal stop)
      throws CameraException, GstException {
    FrameOutlet outlet = new FrameOutlet(settings, Pacing.LIVE, sink, stop);
    SilenceLimit silence = new SilenceLimit(USUAL_SILENCE_MS);
    try (FrameCopier copier = CaptureFormat.copier(settings.modality())) {
      AppSink frames = pipeline.sink(CaptureFormat.SINK);
      pipeline.play();
      long limitMs = connectMs;
      long sinceNs = settings.clock().nowNs();
      while (!stop.stopRequested()) {
        pipeline.check();
        try (GstSample sample = frames.tryPull(PULL_MS)) {
          long nowNs = settings.clock().nowNs();
          if (sample != null) {
            deliver(pipeline, copier, sample, outlet);
            sinceNs = nowNs;
            silence.frame(nowNs);
            limitMs = silenceMs > 0 ? silenceMs : silence.limitMs();
          } else if (nowNs - sinceNs > limitMs * MILLI_NS) {
            throw lost("no frames for %d ms".formatted(limitMs));
          } else if (frames.isEos()) {
            pipeline.check();
            throw lost("the stream ended");
          }
        }
      }
    }
  }

  private void deliver(
      GstPipeline pipeline, FrameCopier copier, GstSample sample, FrameOutlet outlet)
      throws GstException {
    countGap(sample.number(), outlet);
    long ageNs = ageNs(pipeline, sample);
    long captureNs = settings.clock().nowNs() - ageNs;
    FrameFormat format = copier.formatOf(sample);
    Frame frame = outlet.borrow(format);
    if (frame == null) {
      return;
    }
    try {
      copier.copy(sample, frame);
    } catch (GstException | RuntimeException e) {
      frame.release();
      throw e;
    }
    outlet.deliver(frame, captureNs);
  }

  /** Drivers number the frames they saw; what is missing was lost before it came here. */
  private void countGap(long number, FrameOutlet outlet) {
    if (number >= 0) {
      long gap = number - lastNumber - 1;
      if (lastNumber >= 0 && gap > 0 && gap <= WIDEST_GAP) {
        outlet.lost(gap);
      }
      lastNumber = number;
    }
  }

  private static long ageNs(GstPipeline pipeline, GstSample sample) {
    long runningNs = sample.runningTimeNs();
    long nowNs = pipeline.runningTimeNowNs();
    long ageNs = runningNs < 0 || nowNs < 0 ? 0 : nowNs - runningNs;
    return ageNs >= 0 && ageNs <= OLDEST_NS ? ageNs : 0;
  }

  private CameraException lost(String why) {
    return new CameraException("%s: %s".formatted(settings.uri(), why));
  }
}
