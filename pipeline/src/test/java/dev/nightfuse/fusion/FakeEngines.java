package dev.nightfuse.fusion;

import dev.nightfuse.engine.EngineCheck;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Engines that compute something easy to check: fused = (visible + 2 * infrared) / 3, labels =
 * infrared / 32 at a quarter of the size. They can be told to refuse, to fail, to hang and to take
 * their time.
 */
public final class FakeEngines implements EngineOpener {

  public final Queue<Integer> batchSizes = new ConcurrentLinkedQueue<>();
  final AtomicInteger opened = new AtomicInteger();
  final AtomicInteger closed = new AtomicInteger();
  final AtomicInteger refusals = new AtomicInteger();
  public final AtomicInteger mostUnderWay = new AtomicInteger();
  final AtomicInteger failures = new AtomicInteger();

  /** What the engines find about themselves, in turn; nothing when there is nothing left. */
  final Queue<EngineCheck> checks = new ConcurrentLinkedQueue<>();

  final boolean segments;

  /** Batches that an engine takes before it computes the first. */
  public volatile int depth = 1;

  /** A batch whose first pixel has this value fails. */
  volatile int poison = -1;

  public volatile @Nullable CountDownLatch hang;
  volatile CountDownLatch inFuse = new CountDownLatch(1);

  /** Runs within each call: time passes. */
  volatile Runnable work = () -> {};

  public FakeEngines(boolean segments) {
    this.segments = segments;
  }

  /** Lets the next call wait for what is given back; {@link #inFuse} tells when it does. */
  CountDownLatch hold() {
    CountDownLatch gate = new CountDownLatch(1);
    inFuse = new CountDownLatch(1);
    hang = gate;
    return gate;
  }

  public static int fused(int visible, int infrared) {
    return (visible + 2 * infrared) / 3;
  }

  @Override
  public FusionEngine open(int widthPx, int heightPx, int maxBatch) throws EngineException {
    if (refusals.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
      throw new EngineException("no device");
    }
    opened.incrementAndGet();
    EngineSpec spec =
        new EngineSpec(
            "fake (cpu)",
            "mix",
            widthPx,
            heightPx,
            maxBatch,
            segments ? widthPx / 4 : 0,
            segments ? heightPx / 4 : 0,
            segments ? List.of("none", "warm") : List.of());
    return new FakeEngine(spec);
  }

  private final class FakeEngine implements FusionEngine {
    private final EngineSpec spec;
    private final Queue<FusionBatch> begun = new ConcurrentLinkedQueue<>();

    FakeEngine(EngineSpec spec) {
      this.spec = spec;
    }

    @Override
    public EngineSpec spec() {
      return spec;
    }

    @Override
    public void fuse(FusionBatch batch) throws EngineException {
      batchSizes.add(batch.size());
      CountDownLatch latch = hang;
      inFuse.countDown();
      if (latch != null) {
        await(latch);
      }
      work.run();
      boolean poisoned = (batch.slot(0).visibleY().get(0) & 0xff) == poison;
      if (poisoned || failures.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw new EngineException("out of memory");
      }
      for (int i = 0; i < batch.size(); i++) {
        FusionBatch.Slot slot = batch.slot(i);
        for (int at = 0; at < spec.widthPx() * spec.heightPx(); at++) {
          int visible = slot.visibleY().get(at) & 0xff;
          slot.fusedY().put(at, (byte) fused(visible, slot.infrared().get(at) & 0xff));
        }
        ByteBuffer labels = slot.labels();
        for (int at = 0; labels != null && at < labels.capacity(); at++) {
          labels.put(at, (byte) ((slot.infrared().get(0) & 0xff) / 32));
        }
      }
    }

    @Override
    public int depth() {
      return depth;
    }

    @Override
    public void begin(FusionBatch batch) throws EngineException {
      if (depth == 1) {
        fuse(batch);
      } else {
        begun.add(batch);
        mostUnderWay.accumulateAndGet(begun.size(), Math::max);
      }
    }

    @Override
    public void finish() throws EngineException {
      if (depth > 1) {
        FusionBatch batch = begun.remove();
        try {
          fuse(batch);
        } catch (EngineException e) {
          begun.clear();
          throw e;
        }
      }
    }

    @Override
    public @Nullable EngineCheck check() {
      return checks.poll();
    }

    private void await(CountDownLatch latch) throws EngineException {
      try {
        if (!latch.await(30, TimeUnit.SECONDS)) {
          throw new EngineException("the test forgot to let go");
        }
      } catch (InterruptedException e) {
        throw new EngineException("interrupted", e);
      }
    }

    @Override
    public void close() {
      closed.incrementAndGet();
    }
  }
}
