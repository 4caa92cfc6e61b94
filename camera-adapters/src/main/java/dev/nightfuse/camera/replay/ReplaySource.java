package dev.nightfuse.camera.replay;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.capture.FrameOutlet;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;

/**
 * Plays one recording, once or over and over.
 *
 * <p>Live, each picture is delivered when its capture time has come; pictures that are late are
 * skipped and counted, as a camera would, and a reader that fell far behind is sent to where the
 * rig is by now. As taken, pictures come as fast as frames are free, and capture times count from
 * 0.
 */
final class ReplaySource implements CameraSource {

  private static final long MILLI_NS = 1_000_000L;
  private static final long SILENCE_MS = 60_000;
  private static final long LONGEST_PARK_NS = 20 * MILLI_NS;

  /** A picture that is this late is of no use to a live consumer. */
  private static final long LATE_NS = 100 * MILLI_NS;

  /** Beyond this, decoding and throwing away would take longer than going there. */
  private static final long FAR_BEHIND_NS = 1_000 * MILLI_NS;

  private final CameraSettings settings;
  private final Path path;
  private final boolean loops;
  private final Pacing pacing;
  private final double fps;
  private final Framing framing;
  private final ReplayAdapter adapter;

  ReplaySource(
      CameraSettings settings,
      Path path,
      boolean loops,
      Pacing pacing,
      double fps,
      Framing framing,
      ReplayAdapter adapter) {
    this.settings = settings;
    this.path = path;
    this.loops = loops;
    this.pacing = pacing;
    this.fps = fps;
    this.framing = framing;
    this.adapter = adapter;
  }

  @Override
  public void run(FrameSink sink, StopSignal asked) throws CameraException {
    if (!Files.isReadable(path)) {
      throw new CameraException(
          "replay:%s: %s"
              .formatted(path, Files.exists(path) ? "may not be read" : "no such file or folder"));
    }
    StopSignal stop = () -> asked.stopRequested() || Thread.currentThread().isInterrupted();
    FrameOutlet outlet = new FrameOutlet(settings, pacing, sink, stop);
    try (ReplayTimeline.Member timeline = adapter.join(settings.name(), pacing);
        PictureReader reader = open()) {
      if (!reader.advance(stop)) {
        return;
      }
      timeline.begin(settings.clock().nowNs(), reader.announcedLengthNs());
      new Playback(reader, timeline, outlet, stop).run();
    }
  }

  /** A file is not lost because its next picture is far away, only a disk that hangs. */
  @Override
  public long silenceMs() {
    return isPictures() ? Math.max(SILENCE_MS, Math.round(3_000 / fps)) : SILENCE_MS;
  }

  private boolean isPictures() {
    return Files.isDirectory(path) || PictureType.of(path.getFileName().toString()) != null;
  }

  private PictureReader open() throws CameraException {
    return isPictures()
        ? FolderReader.open(path, fps, settings.modality(), framing)
        : new FileReader(path, fps, settings.modality(), framing, settings.clock());
  }

  /** The state of one run. */
  private final class Playback {

    private final PictureReader reader;
    private final ReplayTimeline.Member timeline;
    private final FrameOutlet outlet;
    private final StopSignal stop;
    private final FrameClock clock = settings.clock();
    private long loop;
    private long lastEndNs;
    private boolean delivered;

    /** The reader was sent on, and no picture was in time since then. */
    private boolean sent;

    Playback(
        PictureReader reader, ReplayTimeline.Member timeline, FrameOutlet outlet, StopSignal stop) {
      this.reader = reader;
      this.timeline = timeline;
      this.outlet = outlet;
      this.stop = stop;
    }

    /** The reader is at its first picture. */
    void run() throws CameraException {
      boolean more = true;
      while (!stop.stopRequested()) {
        if (more && !(loops && timeline.isCut(reader.timeNs()))) {
          lastEndNs = reader.endNs();
          play();
        } else if (stop.stopRequested()) {
          return;
        } else if (loops) {
          timeline.ended(lastEndNs);
          loop++;
          sent = false;
          reader.seek(0);
        } else {
          outlet.event(CameraEvent.END_OF_STREAM);
          return;
        }
        more = reader.advance(stop);
      }
    }

    private void play() throws CameraException {
      long captureNs = timeline.captureNs(loop, reader.timeNs());
      if (pacing == Pacing.LIVE && clock.nowNs() - captureNs > FAR_BEHIND_NS) {
        catchUp();
        return;
      }
      if (isLate(captureNs)) {
        lost(1);
        return;
      }
      Frame frame = outlet.borrow(reader.format());
      if (frame == null) {
        return;
      }
      boolean handedOn = false;
      try {
        // Copied ahead of time, so that nothing but the hand-over is left when it has come.
        reader.copyTo(frame);
        boolean stopped = pacing == Pacing.LIVE && !await(captureNs);
        // Once more: this thread, or the whole machine, may have slept for longer than it wanted.
        if (!stopped && isLate(captureNs)) {
          lost(1);
        } else if (!stopped) {
          handedOn = true;
          delivered = true;
          sent = false;
          outlet.deliver(frame, captureNs);
        }
      } finally {
        if (!handedOn) {
          frame.release();
        }
      }
    }

    private boolean isLate(long captureNs) {
      return pacing == Pacing.LIVE && clock.nowNs() - captureNs > LATE_NS;
    }

    /** Goes to where the rig is now; what is left out is counted. */
    private void catchUp() throws CameraException {
      ReplayTimeline.Position now = timeline.at(clock.nowNs(), loops);
      long skippedNs =
          timeline.captureNs(now.loop(), now.mediaNs()) - timeline.captureNs(loop, reader.timeNs());
      if (skippedNs <= 0 || sent) {
        // It is there already, so only reading on shows where the loop ends; or it cannot go there:
        // of a film without an index some readers only find the start.
        lost(1);
        return;
      }
      long pictureNs = Math.max(reader.endNs() - reader.timeNs(), MILLI_NS);
      lost(Math.max(1, skippedNs / pictureNs));
      loop = now.loop();
      sent = true;
      reader.seek(now.mediaNs());
      // Should no picture be left there, the end lies between the last one seen and this.
      lastEndNs = now.mediaNs();
    }

    /** What the rig had played before this camera joined it is not a loss. */
    private void lost(long pictures) {
      if (delivered) {
        outlet.lost(pictures);
      }
    }

    /** False when asked to stop first. */
    private boolean await(long captureNs) {
      long leftNs;
      while ((leftNs = captureNs - clock.nowNs()) > 0) {
        if (stop.stopRequested()) {
          return false;
        }
        LockSupport.parkNanos(Math.min(leftNs, LONGEST_PARK_NS));
      }
      return true;
    }
  }
}
