package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.BatchSettings;
import dev.nightfuse.fusion.EngineOpener;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.fusion.FusionJob;
import dev.nightfuse.fusion.FusionLane;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The program's own way of sharing an engine, with rigs that always have a pair ready: how much of
 * an engine's speed reaches them.
 */
final class FusionLoad {

  private static final int COLLECT_US = 3_000;

  private final EngineOpener opener;
  private final FrameClock clock;

  FusionLoad(EngineOpener opener, FrameClock clock) {
    this.opener = opener;
    this.clock = clock;
  }

  /** Fused pairs in a second, all rigs together. */
  double framesPerSecond(int rigs, int widthPx, int heightPx, double seconds)
      throws EngineException, InterruptedException {
    BatchSettings settings = BatchSettings.defaults().sharedBy(rigs, COLLECT_US);
    ExecutorService threads = Executors.newFixedThreadPool(rigs);
    try (FusionBatcher batcher = new FusionBatcher(opener, settings, clock)) {
      List<Callable<Long>> tasks = new ArrayList<>();
      List<FusionLane> lanes = new ArrayList<>();
      for (int i = 0; i < rigs; i++) {
        lanes.add(batcher.lane(widthPx, heightPx));
      }
      EngineSpec spec = lanes.get(0).spec(true);
      long endNs = clock.nowNs() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
      long startNs = clock.nowNs();
      lanes.forEach(lane -> tasks.add(() -> rig(lane, spec, endNs)));
      long frames = 0;
      for (Future<Long> result : threads.invokeAll(tasks)) {
        frames += result.get();
      }
      return frames / ((clock.nowNs() - startNs) / 1e9);
    } catch (ExecutionException e) {
      throw new EngineException("fusing failed: " + e.getCause(), e);
    } finally {
      threads.shutdownNow();
    }
  }

  private long rig(FusionLane lane, EngineSpec spec, long endNs)
      throws EngineException, InterruptedException {
    Frame visible = frame(PixelFormat.I420, spec.widthPx(), spec.heightPx());
    Frame infrared = frame(PixelFormat.GRAY8, spec.widthPx(), spec.heightPx());
    // As a rig that reads files does: an output for each pair that is left at a time.
    List<Frame> fused = new ArrayList<>();
    List<@Nullable Frame> labels = new ArrayList<>();
    for (int i = 0; i < lane.ahead(); i++) {
      fused.add(frame(PixelFormat.I420, spec.widthPx(), spec.heightPx()));
      labels.add(
          spec.segments()
              ? frame(PixelFormat.GRAY8, spec.labelWidthPx(), spec.labelHeightPx())
              : null);
    }
    Deque<FusionJob> jobs = new ArrayDeque<>();
    long left = 0;
    try {
      while (clock.nowNs() < endNs) {
        if (jobs.size() == fused.size()) {
          lane.await(jobs.element(), Long.MAX_VALUE);
          jobs.remove();
        }
        int output = (int) (left++ % fused.size());
        jobs.add(lane.submit(spec, visible, infrared, fused.get(output), labels.get(output)));
      }
      while (!jobs.isEmpty()) {
        lane.await(jobs.element(), Long.MAX_VALUE);
        jobs.remove();
      }
    } finally {
      jobs.forEach(lane::abandon);
    }
    return left;
  }

  /** One frame for the length of the measurement; its memory goes with it. */
  private static Frame frame(PixelFormat format, int widthPx, int heightPx) {
    @Nullable Frame frame =
        new FramePool(new FrameFormat(format, widthPx, heightPx), 1).tryBorrow();
    if (frame == null) {
      throw new AssertionError("the pool is new");
    }
    return frame;
  }
}
