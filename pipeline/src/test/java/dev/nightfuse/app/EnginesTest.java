package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.config.EngineConfig;
import dev.nightfuse.engine.Availability;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineOptions;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import dev.nightfuse.engine.FusionEngine;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.BatchSettings;
import dev.nightfuse.fusion.FusionBatcher;
import dev.nightfuse.fusion.FusionJob;
import dev.nightfuse.fusion.FusionLane;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Which engine runs, and what runs while the wanted one is prepared for minutes. */
final class EnginesTest {

  private static final int SIDE = 64;

  @TempDir Path folder;
  private final Backend gpu = new Backend("gpu", 200);
  private final Backend cpu = new Backend("cpu", 100);

  /** A backend whose engines write one value; it may take long to prepare, and refuse. */
  private static final class Backend implements EngineProvider {
    final String name;
    final byte value;
    final AtomicInteger opened = new AtomicInteger();
    final AtomicInteger closed = new AtomicInteger();
    final AtomicInteger givenUp = new AtomicInteger();
    final CountDownLatch ready = new CountDownLatch(1);
    volatile boolean prepared = true;
    volatile String refusal = "";

    Backend(String name, int value) {
      this.name = name;
      this.value = (byte) value;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public Availability probe() {
      return Availability.yes("fake");
    }

    @Override
    public boolean prepared(ModelFile model, EngineOptions options) {
      return prepared;
    }

    @Override
    public FusionEngine open(ModelFile model, EngineOptions options) throws EngineException {
      try {
        if (!prepared) {
          ready.await();
        }
      } catch (InterruptedException e) {
        givenUp.incrementAndGet();
        throw new EngineException("given up", e);
      }
      if (!refusal.isEmpty()) {
        throw new EngineException(refusal);
      }
      opened.incrementAndGet();
      return new FusionEngine() {
        @Override
        public EngineSpec spec() {
          return new EngineSpec(name, "test", SIDE, SIDE, options.maxBatch(), 0, 0, List.of());
        }

        @Override
        public void fuse(FusionBatch batch) {
          for (int i = 0; i < batch.size(); i++) {
            batch.slot(i).fusedY().put(0, value);
          }
        }

        @Override
        public void close() {
          closed.incrementAndGet();
        }
      };
    }
  }

  private Engines engines(String... fallback) {
    return new Engines(
        new EngineConfig("gpu", ModelStore.DETAIL_TRANSFER, List.of(fallback), 1, 3),
        new ModelStore(folder),
        List.of(cpu, gpu));
  }

  private void nothingIsOpen() {
    assertEquals(gpu.opened.get(), gpu.closed.get(), "gpu engines left open");
    assertEquals(cpu.opened.get(), cpu.closed.get(), "cpu engines left open");
  }

  /** A live rig's pairs, one by one. */
  private static final class Rig implements AutoCloseable {
    private final FusionBatcher batcher;
    private final FusionLane lane;
    private final Frame visible = frame(PixelFormat.I420);
    private final Frame infrared = frame(PixelFormat.GRAY8);
    private final Frame fused = frame(PixelFormat.I420);

    Rig(Engines engines) {
      batcher =
          new FusionBatcher(
              engines::openLive, BatchSettings.defaults().sharedBy(1, 0), FrameClock.system());
      lane = batcher.lane(SIDE, SIDE);
    }

    private static Frame frame(PixelFormat format) {
      Frame frame = new FramePool(new FrameFormat(format, SIDE, SIDE), 1).tryBorrow();
      assertNotNull(frame);
      return frame;
    }

    int fuse() throws Exception {
      FusionJob job = lane.submit(lane.spec(false), visible, infrared, fused, null);
      assertTrue(lane.await(job, Long.MAX_VALUE));
      return fused.plane(0).get(0) & 0xff;
    }

    @Override
    public void close() {
      batcher.close();
    }
  }

  @Test
  void openLive_wantedIsPreparedForMinutes_theNextRunsUntilThenWithoutAGap() throws Exception {
    gpu.prepared = false;
    try (Rig rig = new Rig(engines("cpu"))) {
      for (int i = 0; i < 50; i++) {
        assertEquals(100, rig.fuse());
      }
      assertEquals("cpu until gpu is ready, test", rig.lane.describe());
      gpu.ready.countDown();
      long deadlineNs = FrameClock.system().nowNs() + 20_000_000_000L;
      // Every pair is fused by one of the two.
      for (int value = rig.fuse(); value != 200; value = rig.fuse()) {
        assertEquals(100, value);
        assertTrue(FrameClock.system().nowNs() < deadlineNs, "never switched");
      }
      assertEquals("gpu, test", rig.lane.describe());
      assertEquals(200, rig.fuse());
      assertEquals(1, cpu.closed.get());
    }
    nothingIsOpen();
  }

  @Test
  void openLive_wantedFailsInTheEnd_theOtherStaysAndSaysSo() throws Exception {
    gpu.prepared = false;
    gpu.refusal = "too far from its FP32 reference";
    try (Rig rig = new Rig(engines("cpu"))) {
      assertEquals(100, rig.fuse());
      gpu.ready.countDown();
      long deadlineNs = FrameClock.system().nowNs() + 20_000_000_000L;
      while (!rig.lane.describe().equals("cpu, test")) {
        assertEquals(100, rig.fuse());
        assertTrue(FrameClock.system().nowNs() < deadlineNs, rig.lane.describe());
      }
      assertEquals(100, rig.fuse());
      assertEquals(0, cpu.closed.get());
    }
    nothingIsOpen();
  }

  @Test
  void close_whileTheWantedIsPrepared_endsThat() throws Exception {
    gpu.prepared = false;
    try (Rig rig = new Rig(engines("cpu"))) {
      assertEquals(100, rig.fuse());
    }
    assertEquals(1, gpu.givenUp.get());
    nothingIsOpen();
  }

  @Test
  void close_wantedReadyAndNotTaken_closesBoth() throws Exception {
    gpu.prepared = false;
    FusionEngine engine = engines("cpu").openLive(SIDE, SIDE, 1);
    gpu.ready.countDown();
    long deadlineNs = FrameClock.system().nowNs() + 20_000_000_000L;
    while (gpu.opened.get() == 0) {
      assertTrue(FrameClock.system().nowNs() < deadlineNs);
      Thread.onSpinWait();
    }
    engine.close();
    engine.close();
    nothingIsOpen();
  }

  @Test
  void openLive_wantedIsPrepared_runsAtOnce() throws Exception {
    try (FusionEngine engine = engines("cpu").openLive(SIDE, SIDE, 1)) {
      assertEquals("gpu", engine.spec().backend());
    }
    assertEquals(0, cpu.opened.get());
    nothingIsOpen();
  }

  @Test
  void openLive_noFallback_preparesTheWanted() throws Exception {
    gpu.prepared = false;
    gpu.ready.countDown();
    try (FusionEngine engine = engines().openLive(SIDE, SIDE, 1)) {
      assertEquals("gpu", engine.spec().backend());
    }
    nothingIsOpen();
  }

  @Test
  void open_files_waitForTheWanted() throws Exception {
    gpu.prepared = false;
    gpu.ready.countDown();
    try (FusionEngine engine = engines("cpu").open(SIDE, SIDE, 1)) {
      assertEquals("gpu", engine.spec().backend());
    }
    assertEquals(0, cpu.opened.get());
    nothingIsOpen();
  }

  @Test
  void open_wantedRefuses_takesTheNextOrSaysWhyOfAll() throws Exception {
    gpu.refusal = "no device";
    try (FusionEngine engine = engines("cpu").open(SIDE, SIDE, 1)) {
      assertEquals("cpu", engine.spec().backend());
    }
    cpu.refusal = "no memory";
    EngineException e =
        assertThrows(EngineException.class, () -> engines("cpu").open(SIDE, SIDE, 1).close());
    assertEquals("engine gpu: no device\nengine cpu: no memory", e.getMessage());
    nothingIsOpen();
  }
}
