package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.registration.Alignment;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.telemetry.StageMetrics;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
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
  private static final byte NEUTRAL = (byte) 128;
  private static final long NEVER = Long.MAX_VALUE;
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

  /**
   * A live pair, to be shown when the engine has done with it; from {@code untilNs} on with what
   * there is. Owns the pair and the registered frame.
   *
   * @param failure why the engine did not take it
   */
  private record Awaited(
      FramePair pair,
      Frame visible,
      Frame registered,
      Canvas canvas,
      long untilNs,
      @Nullable EngineException failure) {

    void release() {
      registered.release();
      pair.release();
    }
  }

  private final FusionSettings settings;
  private final FusionBatcher batcher;
  private final FrameClock clock;
  private final StageMetrics fuseMetrics;
  private final Surroundings rig;
  private final InfraredInput infraredInput;
  private final Blend blend = new Blend();
  private final LookAhead ahead;
  private @Nullable Awaited awaited;
  private final NoiseReducer noiseReducer = new NoiseReducer();

  private volatile @Nullable Canvas canvas;
  private volatile @Nullable EngineSpec spec;
  private long sequence;
  private boolean engineWorked = true;
  private boolean wallOffsetKnown;
  private long wallOffsetNs;

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
    this.ahead = new LookAhead(clock, fuseMetrics);
  }

  /** Whether {@link #process} may be called: always with files, live unless a pair is awaited. */
  public boolean takes() throws InterruptedException {
    collect();
    return awaited == null;
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
      if (awaited == null) {
        pair.release();
      }
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
    return ahead.size() + (awaited == null ? 0 : 1);
  }

  /** When to ask {@link #next} if the engine tells nothing before; far away when nothing is due. */
  public long dueNs() {
    Awaited now = awaited;
    return ahead.size() > 0 ? NOW : now == null ? NEVER : now.untilNs();
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
    return spec;
  }

  @Override
  public void close() {
    infraredInput.forget();
    Awaited pair = awaited;
    if (pair != null) {
      awaited = null;
      pair.release();
    }
    ahead.end();
    Canvas current = canvas;
    if (current != null) {
      current.close();
    }
  }

  /** Afterwards the pair is awaited, or what it gives is ahead, or it was given up. */
  private void begin(FramePair pair) throws EngineException, InterruptedException {
    if (pair.infrared() == null) {
      ahead.add(visibleAlone(pair));
    } else {
      withInfrared(pair, pair.infrared());
    }
  }

  private FusedFrame visibleAlone(FramePair pair) throws EngineException, InterruptedException {
    Frame visible = pair.visible();
    if (visible == null) {
      throw new IllegalArgumentException("a pair without frames");
    }
    canvasFor(visible.format(), true);
    return result(pair, visible.retain(), null, EnumSet.noneOf(Degradation.class));
  }

  private void withInfrared(FramePair pair, Frame infrared)
      throws EngineException, InterruptedException {
    Frame visible = pair.visible();
    Canvas current =
        visible == null ? canvasFor(infrared.format(), false) : canvasFor(visible.format(), true);
    Frame registered = infraredInput.register(infrared, current);
    if (registered == null) {
      fuseMetrics.dropped();
    } else if (visible != null && settings.patient()) {
      leave(pair, visible, registered, current);
    } else {
      try {
        if (visible == null) {
          addOrDrop(infraredAlone(pair, registered, current));
        } else {
          start(pair, visible, registered, current);
        }
      } finally {
        if (awaited == null) {
          registered.release();
        }
      }
    }
  }

  /** A picture that is ready, or none for lack of memory. */
  private void addOrDrop(@Nullable FusedFrame picture) {
    if (picture == null) {
      fuseMetrics.dropped();
    } else {
      ahead.add(picture);
    }
  }

  private @Nullable FusedFrame infraredAlone(FramePair pair, Frame registered, Canvas current)
      throws InterruptedException {
    long startNs = clock.nowNs();
    Frame fused = current.borrowFused();
    if (fused == null) {
      return null;
    }
    blend.thermal(registered.plane(0), fused.plane(0), current.format().planeSizeBytes(0));
    fill(fused.plane(1), NEUTRAL);
    fill(fused.plane(2), NEUTRAL);
    fuseMetrics.processed(clock.nowNs() - startNs);
    return result(pair, fused, registered.retain(), EnumSet.of(Degradation.VISIBLE_LOST));
  }

  /** Leaves a live pair with the engine, if that is free; the pair is awaited then. */
  private void start(FramePair pair, Frame visible, Frame registered, Canvas current)
      throws InterruptedException {
    FusionLane lane = current.lane();
    EngineTurn turn = current.turn();
    EngineException failure = null;
    long untilNs = clock.nowNs();
    try {
      EngineSpec spec = lane.spec(false);
      this.spec = spec;
      // While it is busy with an earlier pair it is not waited for.
      if (turn.free(lane)) {
        // A slow engine's picture is shown for long, to whoever comes meanwhile.
        boolean labels = lane.pairWaitNs() == 0 || rig.wantsLabels();
        Outputs outputs = outputs(spec, labels, pair, visible, current);
        if (outputs == null) {
          fuseMetrics.dropped();
          return;
        }
        turn.start(lane, spec, pair, visible, registered, outputs.fused, outputs.labels);
        untilNs = clock.nowNs() + lane.pairWaitNs();
      }
    } catch (EngineException e) {
      failure = e;
    }
    awaited = new Awaited(pair, visible, registered, current, untilNs, failure);
  }

  /** Makes the picture of the pair that is awaited, when the engine has done or it is overdue. */
  private void collect() throws InterruptedException {
    Awaited now = awaited;
    if (now == null) {
      return;
    }
    EngineException failure = now.failure();
    FusedFrame picture = null;
    if (failure == null) {
      try {
        boolean done = now.canvas().turn().collect(now.canvas().lane());
        if (!done && clock.nowNs() < now.untilNs()) {
          return;
        }
        picture = newest(now);
      } catch (EngineException e) {
        failure = e;
      }
    }
    if (failure == null && !engineWorked) {
      LOG.info("fused by the engine again");
    } else if (failure != null && engineWorked) {
      LOG.warn("fused by a simple blend: {}", failure.getMessage());
    }
    engineWorked = failure == null;
    addOrDrop(engineWorked ? picture : blended(now));
    awaited = null;
    now.release();
  }

  private @Nullable FusedFrame blended(Awaited now) throws InterruptedException {
    // Another frame than the engine was given: it may still write to that one.
    long startNs = clock.nowNs();
    Frame fused = now.canvas().borrowFused();
    if (fused == null) {
      return null;
    }
    int lumaBytes = now.canvas().format().planeSizeBytes(0);
    blend.lighten(now.visible().plane(0), now.registered().plane(0), fused.plane(0), lumaBytes);
    copyChroma(now.visible(), fused);
    fuseMetrics.processed(clock.nowNs() - startNs);
    return result(
        now.pair(), fused, now.registered().retain(), EnumSet.of(Degradation.ENGINE_FALLBACK));
  }

  /** The engine's newest picture with the awaited pair, mostly its own. */
  private FusedFrame newest(Awaited now) throws EngineException {
    FramePair pair = now.pair();
    EngineTurn turn = now.canvas().turn();
    EngineTurn.Result newest = turn.newest(now.canvas().lane());
    if (newest == null) {
      throw new EngineException("the engine gave no picture in time");
    }
    boolean repeated = !turn.takeFirstShowing();
    long ageNs = Math.max(0, pair.captureNs() - newest.captureNs());
    EnumSet<Degradation> degradations = EnumSet.noneOf(Degradation.class);
    if (repeated || ageNs > 0) {
      degradations.add(Degradation.ENGINE_SLOW);
    }
    Frame labels = newest.labels();
    return result(
        pair,
        newest.fused().retain(),
        now.registered().retain(),
        labels == null ? null : labels.retain(),
        ageNs,
        repeated,
        labels == null && segments(),
        degradations);
  }

  private boolean segments() {
    EngineSpec now = spec;
    return now != null && now.segments();
  }

  /**
   * Leaves a file's pair with the engine: its picture is ahead. Takes over the registered frame.
   */
  private void leave(FramePair pair, Frame visible, Frame registered, Canvas current)
      throws EngineException, InterruptedException {
    FusionLane lane = current.lane();
    Outputs outputs = null;
    FusionJob job = null;
    try {
      EngineSpec spec = lane.spec(true);
      this.spec = spec;
      outputs = outputs(spec, rig.wantsLabels(), pair, visible, current);
      if (outputs == null) {
        throw new AssertionError("memory is waited for");
      }
      job = lane.submit(spec, visible, registered, outputs.fused, outputs.labels);
    } finally {
      if (job == null) {
        registered.release();
        if (outputs != null) {
          outputs.release();
        }
      }
    }
    EnumSet<Degradation> none = EnumSet.noneOf(Degradation.class);
    Frame labels = outputs.labels;
    boolean leftOut = labels == null && segments();
    ahead.add(lane, job, result(pair, outputs.fused, registered, labels, 0, false, leftOut, none));
  }

  /** What the engine writes for one pair. */
  private record Outputs(Frame fused, @Nullable Frame labels) {
    void release() {
      fused.release();
      if (labels != null) {
        labels.release();
      }
    }
  }

  /** With everything but what the engine writes; null when no memory is free. */
  private @Nullable Outputs outputs(
      EngineSpec spec, boolean wantsLabels, FramePair pair, Frame visible, Canvas current)
      throws InterruptedException {
    Frame fused = current.borrowFused();
    if (fused == null) {
      return null;
    }
    Frame labels = null;
    if (spec.segments() && wantsLabels) {
      try {
        labels = current.borrowLabels(spec);
      } finally {
        if (labels == null) {
          fused.release();
        }
      }
      if (labels == null) {
        return null;
      }
      labels.stamp(sequence, pair.captureNs(), visible.arrivalNs());
    }
    copyChroma(visible, fused);
    fused.stamp(sequence, pair.captureNs(), visible.arrivalNs());
    return new Outputs(fused, labels);
  }

  /** A picture of this very pair. Takes over the references to fused and registered. */
  private FusedFrame result(
      FramePair pair, Frame fused, @Nullable Frame registered, EnumSet<Degradation> degradations) {
    Frame visible = pair.visible();
    if (fused != visible) {
      long arrivalNs = visible != null ? visible.arrivalNs() : arrivalOf(registered);
      fused.stamp(sequence, pair.captureNs(), arrivalNs);
    }
    return result(pair, fused, registered, null, 0, false, false, degradations);
  }

  /** Takes over the references to fused, registered and labels; adds one to the visible frame. */
  private FusedFrame result(
      FramePair pair,
      Frame fused,
      @Nullable Frame registered,
      @Nullable Frame labels,
      long fusedAgeNs,
      boolean repeated,
      boolean labelsLeftOut,
      EnumSet<Degradation> degradations) {
    switch (pair.cause()) {
      case OVERDUE -> degradations.add(Degradation.INFRARED_HELD);
      case FFC -> degradations.add(Degradation.FFC);
      case SKEW -> degradations.add(Degradation.SKEW);
      case LOST ->
          degradations.add(
              pair.visible() == null ? Degradation.VISIBLE_LOST : Degradation.INFRARED_LOST);
      case NONE, SLOWER -> {}
    }
    if (registered != null && infraredInput.doubtful()) {
      degradations.add(Degradation.REGISTRATION_DOUBTFUL);
    }
    Frame visible = pair.visible();
    Set<Degradation> set =
        degradations.isEmpty() ? Set.of() : Collections.unmodifiableSet(degradations);
    return new FusedFrame(
        sequence++,
        pair.captureNs(),
        pair.captureNs() + wallOffsetNs(),
        fused,
        visible == null ? null : visible.retain(),
        registered,
        labels,
        pair.skewNs(),
        pair.infraredAgeNs(),
        fusedAgeNs,
        repeated,
        labelsLeftOut,
        set);
  }

  private static long arrivalOf(@Nullable Frame frame) {
    return frame == null ? 0 : frame.arrivalNs();
  }

  /** Files keep their own time, with one origin; cameras follow the wall clock's corrections. */
  private long wallOffsetNs() {
    if (!wallOffsetKnown || !settings.patient()) {
      wallOffsetNs = clock.wallNowNs() - clock.nowNs();
      wallOffsetKnown = true;
    }
    return wallOffsetNs;
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

  private static void copyChroma(Frame from, Frame to) {
    for (int plane = 1; plane <= 2; plane++) {
      to.plane(plane).put(0, from.plane(plane), 0, from.format().planeSizeBytes(plane));
    }
  }

  private static void fill(ByteBuffer plane, byte value) {
    long word = 0x0101010101010101L * (value & 0xff);
    int at = 0;
    for (; at + 8 <= plane.capacity(); at += 8) {
      plane.putLong(at, word);
    }
    for (; at < plane.capacity(); at++) {
      plane.put(at, value);
    }
  }
}
