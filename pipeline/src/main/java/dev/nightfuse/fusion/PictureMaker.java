package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.sync.FramePair;
import dev.nightfuse.telemetry.StageMetrics;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes a rig's fused frames of their parts: numbers them, gives them chroma and time, and says
 * what is less than it should be. One thread at a time.
 */
final class PictureMaker {

  private static final byte NEUTRAL = (byte) 128;

  private final FusionSettings settings;
  private final InfraredInput infraredInput;
  private final FrameClock clock;
  private final StageMetrics metrics;
  private final Blend blend = new Blend();
  private long sequence;
  private boolean wallOffsetKnown;
  private long wallOffsetNs;

  /**
   * @param metrics takes how long pictures took that are made here
   */
  PictureMaker(
      FusionSettings settings,
      InfraredInput infraredInput,
      FrameClock clock,
      StageMetrics metrics) {
    this.settings = settings;
    this.infraredInput = infraredInput;
    this.clock = clock;
    this.metrics = metrics;
  }

  /** The visible camera's own picture. */
  FusedFrame visibleAlone(FramePair pair, Frame visible) {
    return picture(pair, visible.retain(), null, EnumSet.noneOf(Degradation.class));
  }

  /** The infrared picture, grey; null when no memory is free. */
  @Nullable FusedFrame infraredAlone(FramePair pair, Frame registered, Canvas canvas)
      throws InterruptedException {
    long startNs = clock.nowNs();
    Frame fused = canvas.borrowFused();
    if (fused == null) {
      return null;
    }
    blend.thermal(registered.plane(0), fused.plane(0), canvas.format().planeSizeBytes(0));
    fill(fused.plane(1), NEUTRAL);
    fill(fused.plane(2), NEUTRAL);
    metrics.processed(clock.nowNs() - startNs);
    fused.stamp(sequence, pair.captureNs(), registered.arrivalNs());
    return picture(pair, fused, registered.retain(), EnumSet.noneOf(Degradation.class));
  }

  /** Both without an engine; null when no memory is free. */
  @Nullable FusedFrame blended(FramePair pair, Frame visible, Frame registered, Canvas canvas)
      throws InterruptedException {
    long startNs = clock.nowNs();
    Frame fused = canvas.borrowFused();
    if (fused == null) {
      return null;
    }
    int lumaBytes = canvas.format().planeSizeBytes(0);
    blend.lighten(visible.plane(0), registered.plane(0), fused.plane(0), lumaBytes);
    copyChroma(visible, fused);
    metrics.processed(clock.nowNs() - startNs);
    fused.stamp(sequence, pair.captureNs(), visible.arrivalNs());
    return picture(pair, fused, registered.retain(), EnumSet.of(Degradation.ENGINE_FALLBACK));
  }

  /** With everything but what the engine writes; null when no memory is free. */
  @Nullable EngineOutputs outputs(
      EngineSpec spec, boolean wantsLabels, FramePair pair, Frame visible, Canvas canvas)
      throws InterruptedException {
    Frame fused = canvas.borrowFused();
    if (fused == null) {
      return null;
    }
    Frame labels = null;
    if (spec.segments() && wantsLabels) {
      try {
        labels = canvas.borrowLabels(spec);
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
    return new EngineOutputs(fused, labels);
  }

  /**
   * What the engine writes, or has written for this pair or an earlier one. Takes over the
   * references to outputs and registered.
   *
   * @param ageNs how much older than the pair the outputs are
   * @param repeated whether they were handed on before
   */
  FusedFrame byEngine(
      EngineSpec spec,
      FramePair pair,
      EngineOutputs outputs,
      Frame registered,
      long ageNs,
      boolean repeated) {
    EnumSet<Degradation> degradations = EnumSet.noneOf(Degradation.class);
    if (repeated || ageNs > 0) {
      degradations.add(Degradation.ENGINE_SLOW);
    }
    boolean labelsLeftOut = outputs.labels() == null && spec.segments();
    return picture(
        pair,
        outputs.fused(),
        registered,
        outputs.labels(),
        ageNs,
        repeated,
        labelsLeftOut,
        degradations);
  }

  private FusedFrame picture(
      FramePair pair, Frame fused, @Nullable Frame registered, EnumSet<Degradation> degradations) {
    return picture(pair, fused, registered, null, 0, false, false, degradations);
  }

  /** Takes over the references to fused, registered and labels; adds one to the visible frame. */
  private FusedFrame picture(
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
      case FROZEN -> degradations.add(Degradation.VISIBLE_FROZEN);
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

  /** Files keep their own time, with one origin; cameras follow the wall clock's corrections. */
  private long wallOffsetNs() {
    if (!wallOffsetKnown || !settings.patient()) {
      wallOffsetNs = clock.wallNowNs() - clock.nowNs();
      wallOffsetKnown = true;
    }
    return wallOffsetNs;
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
