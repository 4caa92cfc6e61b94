package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.telemetry.StageMetrics;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes one fused frame of each pair of one rig, whatever is missing; pictures come in the order of
 * their pairs.
 *
 * <p><b>Live</b> nothing here waits but for an engine's first opening. One pair is with the engine
 * at a time: hand over the next when {@link #takes()} says so, ask for pictures when the engine has
 * told that it is done, and at {@link #dueNs()}. A slow engine's last picture goes out again
 * meanwhile, with its age. <b>Files</b> have as many pairs with the engine as keep it busy; {@link
 * #process} and {@link #next} wait.
 *
 * <p><b>Thread.</b> The rig's; {@link #engine()} may be asked by any. <b>Ownership.</b> {@code
 * process} takes the pair's references and gives those of the fused frame. <b>Size.</b> The output
 * has the visible camera's size; before the first visible frame, the infrared camera's.
 */
public final class FusionStage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FusionStage.class);
  private static final long NOW = Long.MIN_VALUE;

  /** The rig around a stage. */
  @FunctionalInterface
  public interface Surroundings {

    /** Live: the engine has done with a pair; on another thread, must not wait. */
    void engineDone();

    /** Whether anybody wants labels of the pair that is given to the engine now. */
    default boolean wantsLabels() {
      return true;
    }
  }

  private final FusionSettings settings;
  private final FusionBatcher batcher;
  private final FrameClock clock;
  private final StageMetrics fuseMetrics;
  private final Surroundings rig;
  private final InfraredInput infraredInput;
  private final PictureMaker pictures;
  private final LiveFusion live;
  private final LookAhead ahead;
  private final NoiseReducer noiseReducer = new NoiseReducer();
  private volatile @Nullable Canvas canvas;

  /**
   * @param alignment how infrared lies on visible
   * @param toneMapper for 16-bit infrared cameras; null when the camera delivers 8 bits
   */
  public FusionStage(
      FusionSettings settings,
      Alignment alignment,
      @Nullable ToneMapper toneMapper,
      FusionBatcher batcher,
      FrameClock clock,
      StageMetrics registerMetrics,
      StageMetrics fuseMetrics,
      Surroundings rig) {
    this.settings = settings;
    this.batcher = batcher;
    this.clock = clock;
    this.fuseMetrics = fuseMetrics;
    this.rig = rig;
    this.infraredInput = new InfraredInput(settings, alignment, toneMapper, clock, registerMetrics);
    this.pictures = new PictureMaker(settings, infraredInput, clock, fuseMetrics);
    this.live = new LiveFusion(pictures, clock, fuseMetrics, rig);
    this.ahead = new LookAhead(clock, fuseMetrics);
  }

  /** Whether {@link #process} may be called: always with files, live unless a pair is awaited. */
  public boolean takes() throws InterruptedException {
    collect();
    return !live.busy();
  }

  /**
   * Starts one pair.
   *
   * @return the oldest picture that is ready and was not given out, which may be of an earlier
   *     pair; null when none is. Live, a pair is given up (counted) when the outputs hold all
   *     memory
   * @throws EngineException when the engine failed and the pacing is {@link
   *     dev.nightfuse.camera.Pacing#AS_TAKEN}
   */
  public @Nullable FusedFrame process(FramePair pair) throws EngineException, InterruptedException {
    if (!takes()) {
      pair.release();
      throw new IllegalStateException("a pair is with the engine");
    }
    try {
      begin(pair);
    } finally {
      pair.release();
    }
    if (settings.patient()) {
      return ahead.size() < mostAhead() ? null : shown(ahead.take());
    }
    return next();
  }

  /** Registers what a pair will need, while an earlier one is with the engine; borrows the pair. */
  public void prepare(FramePair pair) throws InterruptedException {
    Frame visible = pair.visible();
    Frame infrared = pair.infrared();
    Canvas current = canvas;
    if (infrared != null
        && current != null
        && (visible == null || current.fits(visible.format()))) {
      Frame registered = infraredInput.register(infrared, current);
      if (registered != null) {
        registered.release();
      }
    }
  }

  /** Pictures that are still to come. */
  public int pending() {
    return ahead.size() + (live.busy() ? 1 : 0);
  }

  /** When to ask {@link #next} if the engine tells nothing before; far away when nothing is due. */
  public long dueNs() {
    return ahead.size() > 0 ? NOW : live.dueNs();
  }

  /**
   * The oldest picture that is still to come: with files waited for, live only if it is ready. Null
   * when there is none.
   *
   * @throws EngineException when the engine failed and the pacing is {@link
   *     dev.nightfuse.camera.Pacing#AS_TAKEN}
   */
  public @Nullable FusedFrame next() throws EngineException, InterruptedException {
    collect();
    return ahead.size() == 0 ? null : shown(ahead.take());
  }

  /**
   * What is to be seen of a picture, in the order in which pictures are handed on. A camera's own
   * picture stays as it is, for others hold it too; one that was handed on before has been here.
   */
  private FusedFrame shown(FusedFrame picture) {
    if (settings.noiseReduction() && !picture.repeated() && picture.fused() != picture.visible()) {
      noiseReducer.reduce(picture.fused().plane(0));
    }
    return picture;
  }

  /** Fewer than there is memory for, or the next pair would wait for its own predecessors. */
  private int mostAhead() {
    Canvas current = canvas;
    return current == null ? 1 : Math.min(current.ahead(), settings.poolFrames() - 1);
  }

  /** The engine in words, or "" before it was needed. */
  public String engine() {
    Canvas current = canvas;
    return current == null ? "" : current.describeEngine();
  }

  /** What the engine takes and gives, or null before it first worked; any thread. */
  public @Nullable EngineSpec spec() {
    Canvas current = canvas;
    return current == null ? null : current.spec();
  }

  @Override
  public void close() {
    infraredInput.forget();
    live.end();
    ahead.end();
    Canvas current = canvas;
    if (current != null) {
      current.close();
    }
  }

  /** Takes what has become of a live pair. */
  private void collect() throws InterruptedException {
    FusedFrame picture = live.collect();
    if (picture != null) {
      ahead.add(picture);
    }
  }

  /** Afterwards the pair is with the engine, or its picture is ahead, or it was given up. */
  private void begin(FramePair pair) throws EngineException, InterruptedException {
    Frame visible = pair.visible();
    Frame infrared = pair.infrared();
    if (infrared == null) {
      if (visible == null) {
        throw new IllegalArgumentException("a pair without frames");
      }
      canvasFor(visible.format(), true);
      ahead.add(pictures.visibleAlone(pair, visible));
      return;
    }
    Canvas current =
        visible == null ? canvasFor(infrared.format(), false) : canvasFor(visible.format(), true);
    Frame registered = infraredInput.register(infrared, current);
    if (registered == null) {
      fuseMetrics.dropped();
      return;
    }
    try {
      if (visible == null) {
        infraredAlone(pair, registered, current);
      } else if (settings.patient()) {
        leave(pair, visible, registered, current);
      } else {
        live.start(pair, visible, registered, current);
      }
    } finally {
      registered.release();
    }
  }

  private void infraredAlone(FramePair pair, Frame registered, Canvas current)
      throws InterruptedException {
    FusedFrame picture = pictures.infraredAlone(pair, registered, current);
    if (picture == null) {
      fuseMetrics.dropped();
    } else {
      ahead.add(picture);
    }
  }

  /** Leaves a file's pair with the engine: its picture is ahead. */
  private void leave(FramePair pair, Frame visible, Frame registered, Canvas current)
      throws EngineException, InterruptedException {
    EngineSpec spec = current.openEngine(true);
    EngineOutputs outputs = pictures.outputs(spec, rig.wantsLabels(), pair, visible, current);
    if (outputs == null) {
      throw new AssertionError("memory is waited for");
    }
    FusionLane lane = current.lane();
    FusionJob job;
    try {
      job = lane.submit(spec, visible, registered, outputs.fused(), outputs.labels());
    } catch (EngineException e) {
      outputs.release();
      throw e;
    }
    ahead.add(lane, job, pictures.byEngine(spec, pair, outputs, registered.retain(), 0, false));
  }

  /** The memory for this size; an infrared frame never changes the size that is there. */
  private Canvas canvasFor(FrameFormat leading, boolean isVisible)
      throws EngineException, InterruptedException {
    Canvas current = canvas;
    if (current == null || (isVisible && !current.fits(leading))) {
      if (current != null) {
        LOG.info("the output changes from {} to {}", current.format(), leading);
        infraredInput.forget();
        ahead.settle();
        current.close();
      }
      current =
          new Canvas(
              settings,
              batcher,
              new EngineTurn(clock, fuseMetrics, rig::engineDone),
              leading.widthPx(),
              leading.heightPx());
      canvas = current;
    }
    return current;
  }
}
