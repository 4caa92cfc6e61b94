package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ViewPublisherTest {

  private static final FrameFormat FORMAT = new FrameFormat(PixelFormat.I420, 64, 48);

  private final HandClock clock = new HandClock();
  private final StageMetrics metrics = new StageMetrics("demo", "encode");
  private final StreamHub hub =
      new StreamHub("demo", View.FUSED, clock, new StageMetrics("demo", "send"));
  private final FramePool pool = new FramePool(FORMAT, 8);
  private final FakeFactory factory = new FakeFactory();
  private final ViewPublisher publisher =
      new ViewPublisher(hub, this::draw, factory, clock, metrics);
  private long sequence;
  private volatile boolean noMemory;

  @AfterEach
  void close() {
    publisher.close();
    hub.close();
    assertEquals(0, pool.leased());
    assertTrue(factory.opened.stream().allMatch(encoder -> encoder.closed));
  }

  private Frame draw(FusedFrame fused) {
    if (noMemory) {
      throw new OutOfMemoryError("on purpose");
    }
    return fused.fused().retain();
  }

  @Test
  void draw_memoryRunsOut_isTriedAgain() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    noMemory = true;
    offer();
    Await.until("frame is back", () -> pool.leased() == 0);
    noMemory = false;
    clock.advanceMs(500);
    offer();
    assertTrue(next(viewer).keyFrame());
  }

  @Test
  void offer_nobodyWatches_keepsAndEncodesNothing() {
    offer();
    assertEquals(0, pool.leased());
    assertEquals(0, factory.opened.size());
    assertEquals(0, metrics.droppedCount());
  }

  @Test
  void offer_viewer_getsTheFrame() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    offer();
    AccessUnit unit = next(viewer);
    assertTrue(unit.keyFrame());
    assertEquals(clock.nowNs(), unit.captureNs());
    assertEquals("fake", hub.reading().encoder());
  }

  @Test
  void offer_labelsLeftOut_isNoOverlayButWhatOtherViewsShow() throws Exception {
    FusedFrame bare = frame(pool, true);
    StreamHub overlay = new StreamHub("rig", View.OVERLAY, clock, new StageMetrics("rig", "send"));
    StageMetrics encoding = new StageMetrics("rig", "queue");
    FakeFactory others = new FakeFactory();
    try (ViewPublisher drawn =
        new ViewPublisher(overlay, fused -> fused.fused().retain(), others, clock, encoding)) {
      Subscription viewer = overlay.subscribe("a", 10, () -> {});
      drawn.offer(bare);
      clock.advanceMs(33);
      FusedFrame labelled = frame(pool, false);
      drawn.offer(labelled);
      assertEquals(labelled.captureNs(), next(viewer).captureNs(), "the first one that has any");
      labelled.release();
      assertEquals(0, encoding.droppedCount());
    }
    overlay.close();

    Subscription fused = hub.subscribe("a", 10, () -> {});
    publisher.offer(bare);
    assertEquals(bare.captureNs(), next(fused).captureNs());
    bare.release();
  }

  @Test
  void offer_viewerJoinsLater_keyFrameIsRequested() throws Exception {
    Subscription first = hub.subscribe("a", 10, () -> {});
    encode(3, first);
    clock.advanceMs(500);
    Subscription second = hub.subscribe("b", 10, () -> {});
    offer();
    assertTrue(next(second).keyFrame());
    assertEquals(1, factory.opened.size());
  }

  @Test
  void encoder_lastViewerLeft_isStoppedAfterTheLinger() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(2, viewer);
    viewer.close();
    clock.advanceMs(4_000);
    assertFalse(factory.opened.get(0).closed);
    clock.advanceMs(1_000);
    Await.until("encoder closed", () -> factory.opened.get(0).closed);
    Await.until("hub idle", () -> hub.reading().encoder().isEmpty());
  }

  @Test
  void encoder_dies_isRebuiltAtOnceAndStreamGoesOnAtKeyFrame() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(3, viewer);
    factory.opened.get(0).failure = "died";
    Await.until("closed", () -> factory.opened.get(0).closed);
    clock.advanceMs(33);
    offer();
    assertTrue(next(viewer).keyFrame());
    assertEquals(2, factory.opened.size());
    assertEquals(0, viewer.dropped());
  }

  @Test
  void encoder_doesNotStart_isTriedAgainWithGrowingPauses() throws Exception {
    hub.subscribe("a", 10, () -> {});
    factory.broken = true;
    int[] pausesMs = {500, 1_000, 2_000, 4_000, 8_000, 8_000};
    for (int i = 0; i < pausesMs.length; i++) {
      int attempts = i + 1;
      offer();
      Await.until("attempt " + attempts, () -> factory.attempts.get() == attempts);
      Await.until("frame is back", () -> pool.leased() == 0);
      clock.advanceMs(pausesMs[i] - 1);
      offer();
      Await.until("frame is back", () -> pool.leased() == 0);
      assertEquals(attempts, factory.attempts.get());
      clock.advanceMs(1);
    }
    factory.broken = false;
    Subscription late = hub.subscribe("late", 10, () -> {});
    offer();
    assertTrue(next(late).keyFrame());
  }

  @Test
  void offer_viewIsBusy_newestWinsAndDropsAreCounted() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    factory.hold = new CountDownLatch(1);
    offer();
    Await.until("encoder busy", () -> factory.attempts.get() == 1);
    for (int i = 0; i < 4; i++) {
      clock.advanceMs(33);
      offer();
    }
    long newestNs = clock.nowNs();
    factory.hold.countDown();
    next(viewer);
    assertEquals(newestNs, next(viewer).captureNs());
    assertEquals(3, metrics.droppedCount());
  }

  @Test
  void encoder_camerasOfAnyRate_isToldHowManyPicturesComeASecond() throws Exception {
    offerUnseen(130);
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(1, viewer);
    assertEquals(10, factory.opened.get(0).framesPerSecond);
  }

  /** A program that has just begun is slow, and a recording begins with it. */
  @Test
  void encoder_firstPicturesOfAStart_areNoRate() throws Exception {
    offerUnseen(30);
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(1000, viewer);
    assertEquals(List.of(30.0), factory.rates());
  }

  private void offerUnseen(int count) {
    for (int i = 0; i < count; i++) {
      offer();
      clock.advanceMs(100);
    }
  }

  @Test
  void encoder_rateChangesForGood_isRebuiltForIt() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(200, viewer);
    assertEquals(List.of(30.0), factory.rates(), "the usual rate is right");
    encode(40, 100, viewer);
    assertEquals(List.of(30.0), factory.rates(), "it may pass");
    encode(250, 100, viewer);
    assertEquals(List.of(30.0, 10.0), factory.rates());
    assertEquals(0, viewer.dropped());
  }

  @Test
  void encoder_lastPictureIsRepeatedForMinutes_staysAsItIs() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(40, viewer);
    for (int i = 0; i < 300; i++) {
      FusedFrame last = frame(pool, false).later(0, true, Set.of(Degradation.VISIBLE_LOST));
      publisher.offer(last);
      last.release();
      next(viewer);
      clock.advanceMs(200);
    }
    encode(40, viewer);
    assertEquals(List.of(30.0), factory.rates());
  }

  @Test
  void offer_captureTimeNotIncreasing_isDropped() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    offer();
    next(viewer);
    offer();
    Await.until("dropped", () -> metrics.droppedCount() == 1);
    clock.advanceMs(1);
    offer();
    next(viewer);
  }

  @Test
  void offer_otherPictureSize_encoderIsReplaced() throws Exception {
    Subscription viewer = hub.subscribe("a", 10, () -> {});
    encode(1, viewer);
    clock.advanceMs(33);
    FramePool larger = new FramePool(new FrameFormat(PixelFormat.I420, 128, 48), 1);
    offer(larger);
    assertTrue(next(viewer).keyFrame());
    assertEquals(2, factory.opened.size());
    Await.until("given back", () -> larger.leased() == 0);
  }

  @Test
  void close_afterwards_offerKeepsNothing() {
    hub.subscribe("a", 10, () -> {});
    publisher.close();
    offer();
    assertEquals(0, pool.leased());
  }

  private void encode(int count, Subscription viewer) throws InterruptedException {
    encode(count, 33, viewer);
  }

  private void encode(int count, long everyMs, Subscription viewer) throws InterruptedException {
    for (int i = 0; i < count; i++) {
      offer();
      next(viewer);
      clock.advanceMs(everyMs);
    }
  }

  private void offer() {
    offer(pool);
  }

  private void offer(FramePool from) {
    FusedFrame fused = frame(from, false);
    publisher.offer(fused);
    fused.release();
  }

  private FusedFrame frame(FramePool from, boolean labelsLeftOut) {
    Frame picture = Objects.requireNonNull(from.tryBorrow());
    return new FusedFrame(
        sequence++,
        clock.nowNs(),
        clock.wallNowNs(),
        picture,
        null,
        null,
        null,
        0,
        0,
        0,
        false,
        labelsLeftOut,
        Set.of());
  }

  private static AccessUnit next(Subscription viewer) throws InterruptedException {
    AccessUnit[] unit = new AccessUnit[1];
    Await.until("a unit", () -> (unit[0] = viewer.poll()) != null);
    return unit[0];
  }

  /** Encodes at once, on the caller's thread. */
  private static final class FakeFactory implements VideoEncoder.Factory {
    private final List<FakeEncoder> opened = new CopyOnWriteArrayList<>();
    private final AtomicInteger attempts = new AtomicInteger();
    private volatile boolean broken;
    private volatile CountDownLatch hold = new CountDownLatch(0);

    @Override
    public String name() {
      return "fake";
    }

    @Override
    public VideoEncoder open(
        FrameFormat format, double framesPerSecond, VideoEncoder.Listener listener)
        throws EncoderException {
      attempts.incrementAndGet();
      try {
        hold.await();
      } catch (InterruptedException e) {
        throw new EncoderException("interrupted", e);
      }
      if (broken) {
        throw new EncoderException("broken on purpose");
      }
      FakeEncoder encoder = new FakeEncoder(framesPerSecond, listener);
      opened.add(encoder);
      return encoder;
    }

    List<Double> rates() {
      return opened.stream().map(encoder -> encoder.framesPerSecond).toList();
    }
  }

  private static final class FakeEncoder implements VideoEncoder {
    private final double framesPerSecond;
    private final Listener listener;
    private boolean key = true;
    private boolean described;
    private volatile boolean closed;
    private volatile @Nullable String failure;

    FakeEncoder(double framesPerSecond, Listener listener) {
      this.framesPerSecond = framesPerSecond;
      this.listener = listener;
    }

    @Override
    public boolean push(Frame frame, long captureNs, long captureWallNs, long contentAgeNs) {
      if (!described) {
        described = true;
        listener.described(new StreamInfo(64, 48, 30, new byte[4], new byte[4]));
      }
      listener.encoded(new AccessUnit(new byte[9], key, 0, captureNs, captureWallNs, contentAgeNs));
      key = false;
      return true;
    }

    @Override
    public void requestKeyFrame() {
      key = true;
    }

    @Override
    public @Nullable String failure() {
      return failure;
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
