package dev.nightfuse.stream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.HandClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class StreamHubTest {

  private static final int GROUP = 10;

  private final HandClock clock = new HandClock();
  private final StageMetrics captureToSend = new StageMetrics("demo", "send");
  private final StreamHub hub = new StreamHub("demo", View.FUSED, clock, captureToSend, 100);
  private final StreamInfo info = new StreamInfo(64, 48, 30, new byte[] {103}, new byte[] {104});
  private long sequence;

  @Test
  void subscribe_inMidGroup_firstUnitIsNextKeyFrameAndNothingCountsAsLost() {
    publish(3);
    Subscription viewer = hub.subscribe("late", 30, () -> {});
    publish(GROUP);
    assertEquals(List.of(10L, 11L, 12L), drain(viewer));
    assertEquals(0, viewer.dropped());
  }

  @Test
  void subscribe_keyFrameIsAskedForAtOnce() {
    assertFalse(hub.takeKeyFrameRequest());
    hub.subscribe("first", 30, () -> {});
    assertTrue(hub.takeKeyFrameRequest());
    assertFalse(hub.takeKeyFrameRequest());
  }

  @Test
  void takeKeyFrameRequest_manyJoinAtOnce_isLimitedButNotLost() {
    hub.subscribe("a", 30, () -> {});
    assertTrue(hub.takeKeyFrameRequest());
    hub.subscribe("b", 30, () -> {});
    clock.advanceMs(499);
    assertFalse(hub.takeKeyFrameRequest());
    clock.advanceMs(1);
    assertTrue(hub.takeKeyFrameRequest());
  }

  @Test
  void takeKeyFrameRequest_keyFrameCameByItself_isFulfilled() {
    hub.subscribe("a", 30, () -> {});
    publish(1);
    assertFalse(hub.takeKeyFrameRequest());
  }

  @Test
  void offer_stalledViewer_losesWholeGroupsWhileAnotherLosesNothing() {
    Subscription stalled = hub.subscribe("stalled", 4, () -> {});
    Subscription good = hub.subscribe("good", 4, () -> {});
    List<Long> seen = new ArrayList<>();
    for (int i = 0; i < 5 * GROUP; i++) {
      publish(1);
      seen.addAll(drain(good));
    }
    assertEquals(5 * GROUP, seen.size());
    assertEquals(0, good.dropped());
    // Each group filled the ring with four, and the fifth cleared it: only whole groups are gone.
    assertEquals(List.of(), drain(stalled));
    assertEquals(5 * GROUP, stalled.dropped());
    publish(3);
    assertEquals(List.of(50L, 51L, 52L), drain(stalled));
    assertEquals(5 * GROUP, hub.reading().dropped());
  }

  @Test
  void poll_laggingViewerShowsLife_keyFrameIsAskedFor() {
    Subscription slow = hub.subscribe("slow", 4, () -> {});
    hub.takeKeyFrameRequest();
    clock.advanceMs(1_000);
    publish(6);
    assertFalse(hub.takeKeyFrameRequest(), "a viewer that never reads costs no key frame");
    assertNull(slow.poll());
    assertTrue(hub.takeKeyFrameRequest());
  }

  @Test
  void offer_keyFrameIntoFullRing_replacesContentByKeyFrame() {
    Subscription slow = hub.subscribe("slow", GROUP, () -> {});
    publish(GROUP + 2);
    assertEquals(List.of(10L, 11L), drain(slow));
    assertEquals(GROUP, slow.dropped());
  }

  @Test
  void wakeUp_onlyWhenQueueTurnsFromEmptyToNotEmpty() {
    AtomicInteger wakeUps = new AtomicInteger();
    Subscription viewer = hub.subscribe("a", 30, wakeUps::incrementAndGet);
    publish(3);
    assertEquals(1, wakeUps.get());
    drain(viewer);
    publish(1);
    assertEquals(2, wakeUps.get());
  }

  @Test
  void wakeUp_throwing_detachesThatViewerOnly() {
    hub.subscribe(
        "broken",
        30,
        () -> {
          throw new IllegalStateException("broken");
        });
    Subscription good = hub.subscribe("good", 30, () -> {});
    publish(2);
    assertEquals(2, drain(good).size());
    assertEquals(1, hub.viewers());
  }

  @Test
  void close_viewersReadWhatIsLeftAndAreTold() {
    AtomicInteger wakeUps = new AtomicInteger();
    Subscription viewer = hub.subscribe("a", 30, wakeUps::incrementAndGet);
    publish(2);
    hub.close();
    assertEquals(2, wakeUps.get());
    assertFalse(viewer.ended());
    assertEquals(2, drain(viewer).size());
    assertTrue(viewer.ended());
    assertTrue(hub.subscribe("too late", 30, () -> {}).ended());
    assertFalse(hub.wanted());
  }

  @Test
  void closeSubscription_twice_isDetachedOnceAndGetsNothing() {
    Subscription viewer = hub.subscribe("a", 30, () -> {});
    assertEquals(1, hub.viewers());
    viewer.close();
    viewer.close();
    assertEquals(0, hub.viewers());
    publish(1);
    assertNull(viewer.poll());
    assertTrue(viewer.ended());
  }

  @Test
  void wanted_nobodyWatchesForSomeSeconds_turnsFalse() {
    assertFalse(hub.wanted());
    Subscription viewer = hub.subscribe("a", 30, () -> {});
    clock.advanceMs(60_000);
    assertTrue(hub.wanted());
    viewer.close();
    clock.advanceMs(4_999);
    assertTrue(hub.wanted());
    clock.advanceMs(1);
    assertFalse(hub.wanted());
  }

  @Test
  void info_asked_startsEncoderAndIsAnswered() throws Exception {
    CompletableFuture<StreamInfo> question = hub.info();
    assertTrue(hub.wanted());
    assertFalse(question.isDone());
    hub.described(info, "x264enc");
    assertSame(info, question.get());
    assertSame(info, hub.info().get());
    assertEquals("x264enc", hub.reading().encoder());
    clock.advanceMs(5_000);
    assertFalse(hub.wanted());
  }

  @Test
  void info_noPicture_failsAndLeavesNothingBehind() {
    CompletableFuture<StreamInfo> question = hub.info();
    ExecutionException failure = assertThrows(ExecutionException.class, question::get);
    assertInstanceOf(TimeoutException.class, failure.getCause());
    clock.advanceMs(5_000);
    assertFalse(hub.wanted());
  }

  @Test
  void info_encoderOff_isNotAnsweredFromMemory() {
    hub.described(info, "x264enc");
    hub.idle();
    assertFalse(hub.info().isDone());
    assertEquals("", hub.reading().encoder());
  }

  @Test
  void info_streamOver_failsAtOnce() {
    CompletableFuture<StreamInfo> before = hub.info();
    hub.close();
    assertTrue(before.isCompletedExceptionally());
    assertTrue(hub.info().isCompletedExceptionally());
  }

  @Test
  void reading_oneSecondOfUnits_countsBytesAndAge() {
    for (int i = 0; i < 31; i++) {
      hub.publish(new AccessUnit(new byte[500], false, i, clock.nowNs() - 40_000_000, 0, 0));
      if (i < 30) {
        clock.advanceMs(1_000 / 30 + (i % 3 == 0 ? 1 : 0));
      }
    }
    assertEquals(31, hub.reading().units());
    assertEquals(31 * 500, hub.reading().bytes());
    assertEquals(40e6, (double) captureToSend.durationsNs().getMaxValue(), 1e6);
  }

  @Test
  void publish_pictureOfEarlierContent_countsItsAgeToo() {
    hub.publish(new AccessUnit(new byte[5], true, 0, clock.nowNs(), 0, 2_500_000_000L));
    assertEquals(2.5e9, (double) captureToSend.durationsNs().getMaxValue(), 0.02e9);
  }

  @Test
  void subscribe_queueOfNothing_isRefused() {
    assertThrows(IllegalArgumentException.class, () -> hub.subscribe("a", 0, () -> {}));
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      hub.publish(
          new AccessUnit(new byte[10], sequence % GROUP == 0, sequence, clock.nowNs(), 0, 0));
      sequence++;
    }
  }

  private static List<Long> drain(Subscription viewer) {
    List<Long> sequences = new ArrayList<>();
    for (AccessUnit unit = viewer.poll(); unit != null; unit = viewer.poll()) {
      sequences.add(unit.sequence());
    }
    return sequences;
  }
}
