package dev.nightfuse.app;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.quality.GrayImage;
import dev.nightfuse.engine.quality.TrivialFusion;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.NoiseReducer;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.registration.Registrar;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Fuses a film by several models and measures what its still parts do. One thread. */
final class StabilityRun implements AutoCloseable {

  /**
   * One way to fuse.
   *
   * @param fusedChange mean absolute change of still pixels, in levels
   * @param inputChange the same of the inputs, weighted
   */
  record Row(String name, double fusedChange, double inputChange) {}

  record Result(int frames, double stillShare, List<Row> rows) {}

  /** More than containers round, less than films of two rates soon come to. */
  private static final long MOST_APART_NS = 100_000_000;

  /** Behind the name of a model whose pictures went through the noise reduction of live rigs. */
  private static final String AS_SHOWN = ", as shown";

  private final List<EvaluateModel> models;
  private final Alignment alignment;
  private final List<FusionEngine> engines = new ArrayList<>();
  private final List<NoiseReducer> reducers = new ArrayList<>();

  /** By the names of the rows, in their order. */
  private final Map<String, StabilityMeter.Sum> sums = new LinkedHashMap<>();

  private final FusionBatch batch = new FusionBatch(1);
  private @Nullable Stage stage;

  /** What follows from the first pair's sizes. */
  private record Stage(
      FrameFormat visible,
      Registrar registrar,
      ByteBuffer registered,
      ByteBuffer fused,
      StabilityMeter meter) {}

  StabilityRun(List<EvaluateModel> models, Alignment alignment) {
    this.models = models;
    this.alignment = alignment;
  }

  /** A simulated rig's own geometry; files show the same field of view. */
  static Alignment alignment(CameraUri infrared) throws CameraException {
    return infrared.scheme().equals("simulated")
        ? Alignment.homography(SimulatedAdapter.infraredToVisible(infrared))
        : Alignment.sameFieldOfView();
  }

  Result run(PairFilm film, int mostFrames, Progress progress)
      throws UserErrorException, CameraException, EngineException, InterruptedException {
    int frames = 0;
    while (frames < mostFrames) {
      PairFilm.Pair pair = film.next();
      if (pair == null) {
        break;
      }
      try {
        requireOneMoment(frames, pair.visible().captureNs(), pair.infrared().captureNs());
        take(pair.visible(), pair.infrared());
      } finally {
        pair.visible().release();
        pair.infrared().release();
      }
      frames++;
      progress.step();
    }
    Stage current = stage;
    if (current == null || frames < 2) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, "%d pairs of frames came; two are needed at least".formatted(frames));
    }
    List<Row> rows = new ArrayList<>();
    sums.forEach((name, sum) -> rows.add(new Row(name, sum.fusedChange(), sum.inputChange())));
    return new Result(frames, current.meter.stillShare(), rows);
  }

  /** Frames are paired by their numbers, so films of two rates would soon show two moments. */
  private static void requireOneMoment(int frame, long visibleNs, long infraredNs)
      throws UserErrorException {
    if (Math.abs(visibleNs - infraredNs) > MOST_APART_NS) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "stability: frame %d is of %.2f s in the visible film and of %.2f s in the infrared one; both need the same rate"
              .formatted(frame, visibleNs / 1e9, infraredNs / 1e9));
    }
  }

  private void take(Frame visible, Frame infrared) throws UserErrorException, EngineException {
    Stage current = stage;
    if (current == null) {
      current = begin(visible.format(), infrared.format());
      stage = current;
    }
    if (!visible.format().equals(current.visible) || !current.registrar.takes(infrared.format())) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "the film changes its format to %s and %s"
              .formatted(visible.format(), infrared.format()));
    }
    current.registrar.register(infrared.plane(0), current.registered);
    byte[] luma = bytes(visible.plane(0));
    byte[] thermal = bytes(current.registered);
    current.meter.pair(luma, thermal);
    for (int m = 0; m < engines.size(); m++) {
      batch.clear();
      batch.add(
          visible.plane(0),
          visible.plane(1),
          visible.plane(2),
          current.registered,
          current.fused,
          null);
      engines.get(m).fuse(batch);
      String name = models.get(m).name();
      sum(name, current.meter).fused(bytes(current.fused));
      reducers.get(m).reduce(current.fused);
      sum(name + AS_SHOWN, current.meter).fused(bytes(current.fused));
    }
    int width = current.visible.widthPx();
    int height = current.visible.heightPx();
    GrayImage a = new GrayImage(width, height, thermal);
    GrayImage b = new GrayImage(width, height, luma);
    for (TrivialFusion trivial : TrivialFusion.values()) {
      GrayImage fused = trivial.fuse(a, b);
      byte[] levels = new byte[luma.length];
      for (int i = 0; i < levels.length; i++) {
        levels[i] = (byte) fused.level(i);
      }
      sum(trivial.label(), current.meter).fused(levels);
    }
  }

  private StabilityMeter.Sum sum(String row, StabilityMeter meter) {
    return sums.computeIfAbsent(row, name -> meter.new Sum());
  }

  private static byte[] bytes(ByteBuffer plane) {
    byte[] bytes = new byte[plane.capacity()];
    plane.get(0, bytes);
    return bytes;
  }

  private Stage begin(FrameFormat visible, FrameFormat infrared)
      throws UserErrorException, EngineException {
    if (visible.pixelFormat() != PixelFormat.I420 || infrared.pixelFormat() != PixelFormat.GRAY8) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "stability: %s and %s; it takes I420 and GRAY8".formatted(visible, infrared));
    }
    int width = visible.widthPx();
    int height = visible.heightPx();
    for (EvaluateModel model : models) {
      int multiple = model.manifest().sizeMultiple();
      if (width % multiple != 0 || height % multiple != 0) {
        throw new UserErrorException(
            ExitCode.NO_INPUT,
            "model %s takes sides that are multiples of %d, the film is %dx%d"
                .formatted(model.name(), multiple, width, height));
      }
      engines.add(model.engines().open(width, height, 1));
      reducers.add(new NoiseReducer());
    }
    Registrar registrar =
        new Registrar(alignment.at(infrared.widthPx(), infrared.heightPx(), width, height), 0);
    return new Stage(
        visible,
        registrar,
        PaddedPlane.direct(width * height),
        PaddedPlane.direct(width * height),
        new StabilityMeter(width, height));
  }

  @Override
  public void close() {
    engines.forEach(FusionEngine::close);
  }
}
