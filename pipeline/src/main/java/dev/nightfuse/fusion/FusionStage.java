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
 * Makes one fused frame of each pair of one rig, whatever is missing.
 *
 * <p><b>Thread.</b> The rig's; {@link #process} waits for the engine, live for a slow one not at
 * all: its last picture goes out again meanwhile, with its age. A rig that reads files hands over
 * further pairs before the first is done, as many as keep the engine busy, and gets its pictures in
 * order, later. {@link #engine()} may be asked by any thread. <b>Ownership.</b> {@code process}
 * takes the pair's references and gives those of the fused frame. <b>Size.</b> The output has the
 * visible camera's size; before the first visible frame, the infrared camera's.
 */
public final class FusionStage implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FusionStage.class);
  private static final byte NEUTRAL = (byte) 128;

  private final FusionSettings settings;
  private final FusionBatcher batcher;
  private final FrameClock clock;
  private final StageMetrics registerMetrics;
  private final StageMetrics fuseMetrics;
  private final InfraredInput infraredInput;
  private final Blend blend = new Blend();
  private final LookAhead ahead;
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
      StageMetrics fuseMetrics) {
    this.settings = settings;
    this.batcher = batcher;
    this.clock = clock;
    this.registerMetrics = registerMetrics;
    this.fuseMetrics = fuseMetrics;
    this.infraredInput = new InfraredInput(settings, alignment, toneMapper);
    this.ahead = new LookAhead(clock, fuseMetrics);
  }

  /**
   * Fuses one pair.
   *
   * @return live, the picture of this pair, or null (counted) when the outputs hold all memory: it
   *     is given up. With files, the oldest picture that was not given out, which may be of an
   *     earlier pair; null while the engine takes more pairs
   * @throws EngineException when the engine failed and the pacing is {@link
   *     dev.nightfuse.camera.Pacing#AS_TAKEN}
   */
  public @Nullable FusedFrame process(FramePair pair) throws EngineException, InterruptedException {
    try {
      FusedFrame result;
      if (pair.infrared() == null) {
        result = visibleAlone(pair);
      } else {
        result = withInfrared(pair, pair.infrared());
      }
      if (settings.patient()) {
        if (result != null) {
          ahead.add(result);
        }
        return ahead.size() < mostAhead() ? null : shown(ahead.take());
      }
      if (result == null) {
        fuseMetrics.dropped();
        return null;
      }
      return shown(result);
    } finally {
      pair.release();
    }
  }

  /** Pictures of earlier pairs that are still to come; always 0 live. */
  public int pending() {
    return ahead.size();
  }

  /**
   * The oldest picture that is still to come, waited for; null when none is. For when no pair is
   * there to be handed over meanwhile.
   *
   * @throws EngineException when the engine failed
   */
  public @Nullable FusedFrame next() throws EngineException, InterruptedException {
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
    ahead.end();
    Canvas current = canvas;
    if (current != null) {
      current.close();
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

  private @Nullable FusedFrame withInfrared(FramePair pair, Frame infrared)
      throws EngineException, InterruptedException {
    Frame visible = pair.visible();
    Canvas current =
        visible == null ? canvasFor(infrared.format(), false) : canvasFor(visible.format(), true);
    long startNs = clock.nowNs();
    Frame registered = infraredInput.register(infrared, current);
    if (registered == null) {
      return null;
    }
    registerMetrics.processed(clock.nowNs() - startNs);
    if (visible != null && settings.patient()) {
      leave(pair, visible, registered, current);
      return null;
    }
    FusedFrame result = null;
    try {
      result =
          visible == null
              ? infraredAlone(pair, registered, current)
              : fused(pair, visible, registered, current);
    } finally {
      if (result == null) {
        registered.release();
      }
    }
    return result;
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
    return result(pair, fused, registered, EnumSet.of(Degradation.VISIBLE_LOST));
  }

  private @Nullable FusedFrame fused(
      FramePair pair, Frame visible, Frame registered, Canvas current)
      throws EngineException, InterruptedException {
    try {
      FusedFrame result = byEngine(pair, visible, registered, current);
      if (!engineWorked && result != null) {
        LOG.info("fused by the engine again");
        engineWorked = true;
      }
      return result;
    } catch (EngineException e) {
      if (engineWorked) {
        LOG.warn("fused by a simple blend: {}", e.getMessage());
        engineWorked = false;
      }
    }
    // Another frame than the engine was given: it may still write to that one.
    long startNs = clock.nowNs();
    Frame fused = current.borrowFused();
    if (fused == null) {
      return null;
    }
    int lumaBytes = current.format().planeSizeBytes(0);
    blend.lighten(visible.plane(0), registered.plane(0), fused.plane(0), lumaBytes);
    copyChroma(visible, fused);
    fuseMetrics.processed(clock.nowNs() - startNs);
    return result(pair, fused, registered, EnumSet.of(Degradation.ENGINE_FALLBACK));
  }

  private @Nullable FusedFrame byEngine(
      FramePair pair, Frame visible, Frame registered, Canvas current)
      throws EngineException, InterruptedException {
    FusionLane lane = current.lane();
    EngineTurn turn = current.turn();
    EngineSpec spec = lane.spec(false);
    this.spec = spec;
    if (turn.free(lane) && !start(spec, pair, visible, registered, current)) {
      return null;
    }
    EngineTurn.Result newest = turn.newest(lane);
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
        registered,
        labels == null ? null : labels.retain(),
        ageNs,
        repeated,
        degradations);
  }

  /** Leaves the pair with the engine; false when no memory is free. */
  private boolean start(
      EngineSpec spec, FramePair pair, Frame visible, Frame registered, Canvas current)
      throws EngineException, InterruptedException {
    Outputs outputs = outputs(spec, pair, visible, current);
    if (outputs == null) {
      return false;
    }
    current
        .turn()
        .start(current.lane(), spec, pair, visible, registered, outputs.fused, outputs.labels);
    return true;
  }

  /** The same for a file's pair; its picture is still to come. Takes over the registered frame. */
  private void leave(FramePair pair, Frame visible, Frame registered, Canvas current)
      throws EngineException, InterruptedException {
    FusionLane lane = current.lane();
    Outputs outputs = null;
    FusionJob job = null;
    try {
      EngineSpec spec = lane.spec(true);
      this.spec = spec;
      outputs = outputs(spec, pair, visible, current);
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
    ahead.add(lane, job, result(pair, outputs.fused, registered, outputs.labels, 0, false, none));
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
  private @Nullable Outputs outputs(EngineSpec spec, FramePair pair, Frame visible, Canvas current)
      throws InterruptedException {
    Frame fused = current.borrowFused();
    if (fused == null) {
      return null;
    }
    Frame labels = null;
    if (spec.segments()) {
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
    return result(pair, fused, registered, null, 0, false, degradations);
  }

  /** Takes over the references to fused, registered and labels; adds one to the visible frame. */
  private FusedFrame result(
      FramePair pair,
      Frame fused,
      @Nullable Frame registered,
      @Nullable Frame labels,
      long fusedAgeNs,
      boolean repeated,
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
              new EngineTurn(clock, fuseMetrics),
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
