package dev.nightfuse.fusion;

import dev.nightfuse.camera.Pacing;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import org.jspecify.annotations.Nullable;

/**
 * The memory and the engine lane of one output size. Replaced as a whole when the visible camera
 * comes back with another size.
 */
final class Canvas implements AutoCloseable {

  private static final long WAIT_MS = 1_000;

  private final FusionSettings settings;
  private final FusionBatcher batcher;
  private final FrameFormat format;
  private final FramePool fused;
  private final FramePool infrared;
  private final EngineTurn turn;
  private @Nullable FramePool labels;
  private @Nullable FusionLane lane;
  private volatile @Nullable EngineSpec spec;

  Canvas(
      FusionSettings settings, FusionBatcher batcher, EngineTurn turn, int widthPx, int heightPx) {
    this.settings = settings;
    this.batcher = batcher;
    this.turn = turn;
    this.format = new FrameFormat(PixelFormat.I420, widthPx, heightPx);
    this.fused = new FramePool(format, settings.poolFrames());
    // One more than fused pictures: the last one is kept, for it may be used again.
    this.infrared =
        new FramePool(
            new FrameFormat(PixelFormat.GRAY8, widthPx, heightPx), settings.poolFrames() + 1);
  }

  FrameFormat format() {
    return format;
  }

  boolean fits(FrameFormat visible) {
    return format.equals(visible);
  }

  FusionLane lane() {
    FusionLane open = lane;
    if (open == null) {
      open = batcher.lane(format.widthPx(), format.heightPx());
      lane = open;
    }
    return open;
  }

  /**
   * What the engine takes and gives, which is opened if it is not.
   *
   * @param patient waits as long as it takes
   */
  EngineSpec openEngine(boolean patient) throws EngineException, InterruptedException {
    EngineSpec opened = lane().spec(patient);
    spec = opened;
    return opened;
  }

  /** What the engine takes and gives, or null before it first worked; any thread. */
  @Nullable EngineSpec spec() {
    return spec;
  }

  /** Pairs that keep the engine busy; 1 before it was needed. */
  int ahead() {
    FusionLane open = lane;
    return open == null ? 1 : open.ahead();
  }

  EngineTurn turn() {
    return turn;
  }

  /** The engine in words, or "" before it was needed. */
  String describeEngine() {
    FusionLane open = lane;
    return open == null ? "" : open.describe();
  }

  @Nullable Frame borrowFused() throws InterruptedException {
    return borrow(fused);
  }

  @Nullable Frame borrowInfrared() throws InterruptedException {
    return borrow(infrared);
  }

  @Nullable Frame borrowLabels(EngineSpec spec) throws InterruptedException {
    FrameFormat needed =
        new FrameFormat(PixelFormat.GRAY8, spec.labelWidthPx(), spec.labelHeightPx());
    FramePool pool = labels;
    if (pool == null || !pool.format().equals(needed)) {
      pool = new FramePool(needed, settings.poolFrames());
      labels = pool;
    }
    return borrow(pool);
  }

  private @Nullable Frame borrow(FramePool pool) throws InterruptedException {
    if (settings.pacing() == Pacing.LIVE) {
      return pool.tryBorrow();
    }
    Frame frame = null;
    while (frame == null) {
      frame = pool.borrow(WAIT_MS);
    }
    return frame;
  }

  @Override
  public void close() {
    if (lane != null) {
      turn.end(lane);
      lane.close();
    }
  }
}
