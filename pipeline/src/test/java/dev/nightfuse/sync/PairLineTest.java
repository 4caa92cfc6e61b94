package dev.nightfuse.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.sync.FramePair.Cause;
import dev.nightfuse.sync.FramePair.Kind;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Times are milliseconds; a pair's capture time is its number times {@value #PERIOD_MS}. */
final class PairLineTest {

  private static final int PERIOD_MS = 33;

  private final FramePool pool = new FramePool(new FrameFormat(PixelFormat.GRAY8, 16, 16), 32);
  private PairLine line = new PairLine(Pacing.LIVE);

  @AfterEach
  void everyFrameComesBack() {
    line.close();
    assertEquals(0, pool.leased());
  }

  private static long ns(long ms) {
    return ms * 1_000_000;
  }

  private Frame frame() {
    Frame frame = pool.tryBorrow();
    assertNotNull(frame);
    return frame;
  }

  private void add(int number, long atMs) {
    line.add(
        new FramePair(
            Kind.MATCHED, Cause.NONE, frame(), frame(), ns((long) number * PERIOD_MS), 0, 0),
        ns(atMs));
  }

  private int take(long atMs) {
    FramePair pair = line.take(ns(atMs));
    assertNotNull(pair);
    pair.release();
    return Math.toIntExact(pair.captureNs() / ns(PERIOD_MS));
  }

  private record Taken(int number, long atMs) {}

  /** The pairs that a fuser takes that needs so long for each. */
  private List<Taken> takenBy(int fuseMs, int pairs) {
    List<Taken> taken = new ArrayList<>();
    long freeAtMs = 0;
    for (int i = 0; i < pairs; i++) {
      long nowMs = (long) i * PERIOD_MS;
      while (freeAtMs < nowMs && !line.isEmpty()) {
        taken.add(new Taken(take(freeAtMs), freeAtMs));
        freeAtMs += fuseMs;
      }
      add(i, nowMs);
      freeAtMs = Math.max(freeAtMs, nowMs);
    }
    return taken;
  }

  @Test
  void take_fuserThatKeepsUp_getsEveryPair() {
    List<Taken> taken = takenBy(32, 100);
    for (int i = 0; i < taken.size(); i++) {
      assertEquals(new Taken(i, (long) i * PERIOD_MS), taken.get(i));
    }
    assertEquals(99, taken.size());
    assertEquals(0, line.overtaken(Modality.VISIBLE));
  }

  @Test
  void take_slowFuser_getsTheNewestAlways() {
    List<Taken> taken = takenBy(44, 100);
    for (Taken pair : taken) {
      assertEquals((int) (pair.atMs() / PERIOD_MS), pair.number(), () -> "at " + pair.atMs());
    }
    assertEquals(75.0, taken.size(), 1);
    assertEquals(25.0, (double) line.overtaken(Modality.VISIBLE), 1);
  }

  @Test
  void take_burstToAQuickFuser_getsAll() {
    add(0, 100);
    add(1, 100);
    add(2, 101);
    assertEquals(0, take(101));
    assertEquals(1, take(115));
    assertEquals(2, take(129));
    assertNull(line.take(ns(130)));
  }

  @Test
  void peek_pairThatHasWaitedForItsDistance_givesWay() {
    add(0, 10);
    add(1, 12);
    FramePair first = line.peek(ns(10 + PERIOD_MS - 1));
    assertNotNull(first);
    assertEquals(0, first.captureNs());
    FramePair second = line.peek(ns(10 + PERIOD_MS));
    assertNotNull(second);
    assertEquals(ns(PERIOD_MS), second.captureNs());
    assertEquals(1, line.overtaken(Modality.VISIBLE));
    assertEquals(1, line.overtaken(Modality.INFRARED));
    assertEquals(1, take(1_000), "the only one never gives way");
  }

  @Test
  void add_moreThanItHolds_oldestGivesWay() {
    for (int i = 0; i < 6; i++) {
      add(i, 50);
    }
    assertEquals(2, take(50));
    assertEquals(2, line.overtaken(Modality.VISIBLE));
  }

  @Test
  void overtaken_thermalFrameThatTheNextPairHolds_isNotCounted() {
    Frame thermal = frame();
    line.add(new FramePair(Kind.MATCHED, Cause.NONE, frame(), thermal, 0, 0, 0), 0);
    line.add(
        new FramePair(
            Kind.INFRARED_HELD, Cause.SLOWER, frame(), thermal.retain(), ns(33), -ns(33), ns(33)),
        ns(33));
    line.add(new FramePair(Kind.VISIBLE_ONLY, Cause.LOST, frame(), null, ns(66), 0, 0), ns(66));
    assertEquals(2, take(66));
    assertEquals(2, line.overtaken(Modality.VISIBLE));
    assertEquals(0, line.overtaken(Modality.INFRARED));
  }

  @Test
  void accepts_files_onePairAtATimeAndNoneIsOvertaken() {
    line = new PairLine(Pacing.AS_TAKEN);
    assertTrue(line.accepts());
    add(0, 0);
    assertFalse(line.accepts());
    assertEquals(0, take(100_000));
    assertTrue(line.accepts());
  }
}
