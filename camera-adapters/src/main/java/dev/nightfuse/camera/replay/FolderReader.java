package dev.nightfuse.camera.replay;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.Framing;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.capture.CaptureFormat;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.gst.AppSink;
import dev.nightfuse.gst.FrameCopier;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.gst.GstSample;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Still pictures of one size, in natural order of their names, at a fixed rate. Each file gets a
 * decoder of its own, which costs half a millisecond: a broken file then ends in an error, and
 * leaves nothing behind for the next one.
 */
final class FolderReader implements PictureReader {

  private static final long PULL_MS = 50;

  private final List<Path> files;
  private final double fps;
  private final Modality modality;
  private final Framing framing;
  private final FrameCopier copier;

  private @Nullable GstPipeline pipeline;
  private @Nullable GstSample current;
  private @Nullable FrameFormat firstFormat;
  private int index = -1;

  private FolderReader(List<Path> files, double fps, Modality modality, Framing framing) {
    this.files = files;
    this.fps = fps;
    this.modality = modality;
    this.framing = framing;
    this.copier = CaptureFormat.copier(modality);
  }

  /** A folder's pictures, or one picture. */
  static FolderReader open(Path path, double fps, Modality modality, Framing framing)
      throws CameraException {
    return new FolderReader(
        Files.isDirectory(path) ? pictures(path) : List.of(path), fps, modality, framing);
  }

  private static List<Path> pictures(Path folder) throws CameraException {
    Comparator<Path> natural =
        Comparator.comparing(file -> file.getFileName().toString(), new NaturalOrder());
    try (Stream<Path> entries = Files.list(folder)) {
      List<Path> found =
          entries
              .filter(file -> PictureType.of(file.getFileName().toString()) != null)
              .filter(Files::isRegularFile)
              // Other systems lay ._NAME beside pictures.
              .filter(file -> !file.getFileName().toString().startsWith("."))
              .sorted(natural)
              .toList();
      if (found.isEmpty()) {
        throw new CameraException(
            "replay:%s: no pictures in this folder; known are %s"
                .formatted(folder, PictureType.known()));
      }
      return found;
    } catch (IOException e) {
      throw new CameraException(
          "replay:%s: the folder cannot be read: %s".formatted(folder, e.getMessage()), e);
    }
  }

  @Override
  public boolean advance(StopSignal stop) throws CameraException {
    release();
    if (index + 1 >= files.size()) {
      return false;
    }
    index++;
    Path file = files.get(index);
    try {
      current = decode(file, stop);
      if (current == null) {
        return false;
      }
      checkSame(file, copier.formatOf(current));
      return true;
    } catch (GstException e) {
      throw failed(file, e);
    }
  }

  private @Nullable GstSample decode(Path file, StopSignal stop)
      throws GstException, CameraException {
    PictureType type = PictureType.of(file.getFileName().toString());
    if (type == null) {
      throw new GstException("not a known picture; known are " + PictureType.known());
    }
    GstRuntime runtime = GstRuntime.start();
    runtime.require("filesrc", type.decoder());
    GstPipeline decoder =
        runtime.parse(
            "filesrc name=file ! %s ! %s"
                .formatted(
                    type.decoder(), CaptureFormat.still(modality, framing, "max-buffers=2")));
    pipeline = decoder;
    decoder.set("file", "location", file.toString());
    AppSink frames = decoder.sink(CaptureFormat.SINK);
    decoder.play();
    while (!stop.stopRequested()) {
      GstSample sample = frames.tryPull(PULL_MS);
      if (sample != null) {
        return sample;
      }
      decoder.check();
      if (frames.isEos()) {
        throw new CameraException("replay:%s: no picture in this file".formatted(file));
      }
    }
    return null;
  }

  private void checkSame(Path file, FrameFormat format) throws CameraException {
    FrameFormat first = firstFormat;
    if (first == null) {
      firstFormat = format;
    } else if (!first.equals(format)) {
      throw new CameraException(
          "replay:%s: this picture is %s, the first one was %s; size=%dx%d scales them all"
              .formatted(file, format, first, first.widthPx(), first.heightPx()));
    }
  }

  @Override
  public void seek(long timeNs) {
    release();
    // The picture shown at a time is the last one that began before it.
    long shown = Math.round(Math.floor(timeNs * fps / 1e9 + 1e-6));
    index = (int) Math.min(shown, files.size()) - 1;
  }

  @Override
  public FrameFormat format() throws CameraException {
    try {
      return copier.formatOf(held());
    } catch (GstException e) {
      throw failed(files.get(index), e);
    }
  }

  @Override
  public long timeNs() {
    return startOf(index);
  }

  @Override
  public long endNs() {
    return startOf(index + 1);
  }

  private long startOf(int picture) {
    return Math.round(picture * 1e9 / fps);
  }

  @Override
  public long announcedLengthNs() {
    return startOf(files.size());
  }

  @Override
  public void copyTo(Frame frame) throws CameraException {
    try {
      copier.copy(held(), frame);
    } catch (GstException e) {
      throw failed(files.get(index), e);
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
    if (pipeline != null) {
      pipeline.close();
      pipeline = null;
    }
  }

  private static CameraException failed(Path file, GstException cause) {
    return new CameraException("replay:%s: %s".formatted(file, cause.getMessage()), cause);
  }

  @Override
  public void close() {
    release();
    copier.close();
  }
}
