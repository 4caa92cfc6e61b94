package dev.nightfuse.camera.replay;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.capture.CaptureFormat;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.gst.AppSink;
import dev.nightfuse.gst.FrameCopier;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.gst.GstSample;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Pictures of a video file in any container and codec that GStreamer decodes. Decoding runs at most
 * a few pictures ahead and loses none; pacing is the caller's.
 */
final class FileReader implements PictureReader {

  private static final long PULL_MS = 50;
  private static final long SILENCE_NS = 10_000_000_000L;

  private final Path file;
  private final Modality modality;
  private final Framing framing;
  private final FrameClock clock;
  private final long usualFrameNs;
  private final Container container;
  private final FrameCopier copier;

  private GstPipeline pipeline;
  private AppSink frames;
  private @Nullable GstSample current;
  private long firstNs = -1;
  private long timeNs;
  private long endNs;
  private boolean rewound;

  /**
   * @param fps pictures a second where the recording has neither times nor a rate
   */
  FileReader(Path file, double fps, Modality modality, Framing framing, FrameClock clock)
      throws CameraException {
    this.file = file;
    this.modality = modality;
    this.framing = framing;
    this.clock = clock;
    this.usualFrameNs = Math.round(1e9 / fps);
    this.copier = CaptureFormat.copier(modality);
    try {
      container = Container.of(file);
      pipeline = open();
      frames = pipeline.sink(CaptureFormat.SINK);
    } catch (GstException e) {
      copier.close();
      throw failed(e);
    } catch (IOException e) {
      copier.close();
      throw new CameraException("replay:%s: cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private GstPipeline open() throws GstException {
    GstPipeline made =
        GstRuntime.start()
            .parse(
                "filesrc name=file ! %s ! ".formatted(container.decoding())
                    + CaptureFormat.video(modality, framing, "max-buffers=2"));
    try {
      made.set("file", "location", file.toString());
      made.play();
      return made;
    } catch (GstException e) {
      made.close();
      throw e;
    }
  }

  @Override
  public boolean advance(StopSignal stop) throws CameraException {
    release();
    try {
      long sinceNs = clock.nowNs();
      while (!stop.stopRequested()) {
        GstSample sample = frames.tryPull(PULL_MS);
        if (sample != null) {
          current = sample;
          readTimes(sample);
          if (rewound && timeNs != 0) {
            // The container cannot seek exactly: start it anew instead.
            reopen();
            continue;
          }
          rewound = false;
          return true;
        }
        pipeline.check();
        if (frames.isEos()) {
          if (firstNs < 0) {
            throw new CameraException("replay:%s: no video in this file".formatted(file));
          }
          return false;
        }
        if (clock.nowNs() - sinceNs > SILENCE_NS) {
          throw new CameraException(
              "replay:%s: no picture within 10 s; broken, or no video in it".formatted(file));
        }
      }
      return false;
    } catch (GstException e) {
      throw failed(e);
    }
  }

  private void readTimes(GstSample sample) throws GstException {
    copier.formatOf(sample);
    long streamNs = sample.streamTimeNs();
    if (firstNs < 0) {
      firstNs = Math.max(streamNs, 0);
    }
    // Raw streams may come without times: then each picture follows the last one.
    timeNs = streamNs < 0 ? endNs : streamNs - firstNs;
    long durationNs = sample.durationNs();
    long frameNs = durationNs > 0 ? durationNs : copier.frameDurationNs();
    endNs = timeNs + (frameNs > 0 ? frameNs : usualFrameNs);
  }

  @Override
  public void seek(long toNs) throws CameraException {
    release();
    rewound = toNs == 0;
    endNs = toNs;
    if (!pipeline.seek(firstNs + toNs)) {
      try {
        reopen();
      } catch (GstException e) {
        throw failed(e);
      }
    }
  }

  private void reopen() throws GstException {
    release();
    rewound = false;
    endNs = 0;
    pipeline.close();
    pipeline = open();
    frames = pipeline.sink(CaptureFormat.SINK);
  }

  @Override
  public FrameFormat format() throws CameraException {
    try {
      return copier.formatOf(held());
    } catch (GstException e) {
      throw failed(e);
    }
  }

  @Override
  public long timeNs() {
    return timeNs;
  }

  @Override
  public long endNs() {
    return endNs;
  }

  /** Rounded to whole frames: containers keep lengths in milliseconds or coarser. */
  @Override
  public long announcedLengthNs() {
    long lengthNs = pipeline.durationNs();
    long frameNs = copier.frameDurationNs();
    if (lengthNs <= 0 || frameNs <= 0) {
      return lengthNs;
    }
    return Math.round((double) lengthNs / frameNs) * frameNs;
  }

  @Override
  public void copyTo(Frame frame) throws CameraException {
    try {
      copier.copy(held(), frame);
    } catch (GstException e) {
      throw failed(e);
    }
  }

  private GstSample held() {
    GstSample sample = current;
    if (sample == null) {
      throw new IllegalStateException("no picture before advance");
    }
    return sample;
  }

  private void release() {
    if (current != null) {
      current.close();
      current = null;
    }
  }

  private CameraException failed(GstException cause) {
    return new CameraException("replay:%s: %s".formatted(file, cause.getMessage()), cause);
  }

  @Override
  public void close() {
    release();
    copier.close();
    pipeline.close();
  }
}
