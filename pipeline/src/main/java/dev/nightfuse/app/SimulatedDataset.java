package dev.nightfuse.app;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.FrameSink;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.StopSignal;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.GroundTruth;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Registrar;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes drives of the simulated rig as PNG files. Each camera is run for itself: what it shows at
 * a frame number depends on the seed alone, so both runs show the same scene. One thread.
 */
final class SimulatedDataset {

  private static final byte UNSEEN = (byte) 255;

  private final Path visible;
  private final Path infrared;
  private final Path labels;
  private final int frames;
  private final int every;

  /**
   * @param frames pairs of a drive
   * @param every frame periods from one pair to the next
   */
  SimulatedDataset(Path folder, int frames, int every) throws UserErrorException {
    this.visible = OutputFile.createFolder(folder.resolve("visible"));
    this.infrared = OutputFile.createFolder(folder.resolve("infrared"));
    this.labels = OutputFile.createFolder(folder.resolve("labels"));
    this.frames = frames;
    this.every = every;
  }

  /** Writes one drive; the address must be that of a simulated rig without faults. */
  void write(long seed, CameraUri rig, Progress progress)
      throws CameraException, UserErrorException {
    FrameFormat format = format(Modality.VISIBLE, rig);
    FrameFormat raw = format(Modality.INFRARED, rig);
    int width = format.widthPx();
    int pixels = width * format.heightPx();
    Registrar registrar =
        new Registrar(
            Alignment.homography(SimulatedAdapter.infraredToVisible(rig))
                .at(raw.widthPx(), raw.heightPx(), width, format.heightPx()),
            0);
    byte[] seen = seen(registrar, raw, pixels);
    take(
        Modality.VISIBLE,
        rig,
        progress,
        (frame, truth) -> {
          String name = name(seed, truth);
          Picture.writePng(VideoPixels.colour(frame), visible.resolve(name));
          byte[] classes = new byte[pixels];
          truth.classMap().get(0, classes);
          for (int i = 0; i < pixels; i++) {
            classes[i] = seen[i] == 0 ? UNSEEN : classes[i];
          }
          Picture.writePng(VideoPixels.grey(classes, width), labels.resolve(name));
        });
    ByteBuffer registered = ByteBuffer.allocateDirect(pixels);
    take(
        Modality.INFRARED,
        rig,
        progress,
        (frame, truth) -> {
          registrar.register(frame.plane(0), registered);
          byte[] levels = new byte[pixels];
          registered.get(0, levels);
          Picture.writePng(VideoPixels.grey(levels, width), infrared.resolve(name(seed, truth)));
        });
  }

  private static String name(long seed, GroundTruth truth) {
    return String.format(Locale.ROOT, "sim%04d-%06d.png", seed, truth.frameNumber());
  }

  /** Zero where the infrared camera does not see. */
  private static byte[] seen(Registrar registrar, FrameFormat raw, int pixels) {
    byte[] white = new byte[raw.sizeBytes()];
    Arrays.fill(white, (byte) 255);
    ByteBuffer registered = ByteBuffer.allocateDirect(pixels);
    registrar.register(ByteBuffer.allocateDirect(white.length).put(white), registered);
    byte[] seen = new byte[pixels];
    registered.get(0, seen);
    return seen;
  }

  /** What the camera delivers; learnt from a run that ends before the first frame. */
  private static FrameFormat format(Modality modality, CameraUri rig) throws CameraException {
    FrameTaker none = new FrameTaker((frame, truth) -> {}, 1, 0);
    run(modality, rig, none, () -> true);
    return none.format();
  }

  private void take(Modality modality, CameraUri rig, Progress progress, FrameTaker.Use use)
      throws CameraException, UserErrorException {
    FrameTaker taker =
        new FrameTaker(
            (frame, truth) -> {
              use.frame(frame, truth);
              progress.step();
            },
            every,
            frames);
    run(modality, rig, taker, taker::done);
    taker.rethrow();
  }

  private static void run(Modality modality, CameraUri rig, FrameSink sink, StopSignal stop)
      throws CameraException {
    String name = "simulate/" + modality.label();
    new SimulatedAdapter()
        .open(new CameraSettings(name, modality, rig, Pacing.AS_TAKEN, 2, FrameClock.system()))
        .run(sink, stop);
  }
}
