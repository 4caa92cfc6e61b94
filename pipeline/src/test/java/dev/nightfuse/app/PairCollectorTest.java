package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.fusion.Degradation;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.ExternalProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PairCollectorTest {

  private static final int SIDE = 32;
  private static final long SECOND = 1_000_000_000;

  /** 2026-11-30T16:00:00.250Z */
  private static final long WALL_NS = 1_796_054_400_250_000_000L;

  @TempDir Path folder;

  private final FramePool visible = new FramePool(new FrameFormat(PixelFormat.I420, SIDE, SIDE), 4);
  private final FramePool infrared =
      new FramePool(new FrameFormat(PixelFormat.GRAY8, SIDE, SIDE), 4);
  private final AtomicBoolean recording = new AtomicBoolean(true);
  private @Nullable PairCollector open;

  private PairCollector collector(Path into, long everyNs) {
    PairCollector collector = new PairCollector("front", into, everyNs, recording::get);
    open = collector;
    return collector;
  }

  @AfterEach
  void everyFrameComesBack() {
    if (open != null) {
      open.close();
    }
    assertEquals(0, visible.leased());
    assertEquals(0, infrared.leased());
  }

  /**
   * Offers a picture of this moment; visible is grey of luma 16 + t, infrared has level 100 + t.
   */
  private void offer(
      PairCollector collector, int t, long infraredAgeNs, Set<Degradation> degradations) {
    Frame seen = filled(visible, (byte) (16 + t), t);
    Frame warm = filled(infrared, (byte) (100 + t), t);
    FusedFrame picture =
        new FusedFrame(
            t,
            t * SECOND,
            WALL_NS + t * SECOND,
            seen.retain(),
            seen,
            warm,
            null,
            0,
            infraredAgeNs,
            degradations);
    collector.offer(picture);
    picture.release();
  }

  private static Frame filled(FramePool pool, byte level, int t) {
    Frame frame = pool.tryBorrow();
    if (frame == null) {
      throw new AssertionError("frames do not come back");
    }
    for (int i = 0; i < frame.format().sizeBytes(); i++) {
      frame.data().put(i, i < SIDE * SIDE ? level : (byte) 128);
    }
    frame.stamp(t, t * SECOND, t * SECOND);
    return frame;
  }

  private void offerAndAwait(PairCollector collector, int t) {
    long before = collector.kept();
    // The writer may be on its way back from the last pair: until then it takes none.
    Await.until(
        "the pair of " + t,
        () -> {
          offer(collector, t, 0, Set.of());
          return collector.kept() > before;
        });
  }

  private List<String> names(String camera) throws IOException {
    if (!Files.isDirectory(folder.resolve(camera))) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder.resolve(camera))) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void offer_pairsThatAreDue_areADataSet() throws Exception {
    PairCollector collector = collector(folder, 2 * SECOND);
    offerAndAwait(collector, 0);
    offer(collector, 1, 0, Set.of());
    offerAndAwait(collector, 2);

    List<String> expected =
        List.of("front-2026-11-30T16-00-00-250Z.png", "front-2026-11-30T16-00-02-250Z.png");
    assertEquals(expected, names("visible"));
    assertEquals(expected, names("infrared"));
    assertEquals(2, collector.kept());
    Picture seen = Picture.read(folder.resolve("visible").resolve(expected.get(1)));
    Picture warm = Picture.read(folder.resolve("infrared").resolve(expected.get(1)));
    // Luma 18 of 16 to 235 is level 2 of 255; infrared stays as it is.
    assertEquals(0xff020202, seen.image().getRGB(5, 5));
    assertEquals(102, warm.gray().level(7));
  }

  @Test
  void offer_whatANetworkShouldNotLearnFrom_isNotKept() throws Exception {
    PairCollector collector = collector(folder, SECOND);
    offer(collector, 0, 1, Set.of());
    for (Degradation each : Degradation.values()) {
      boolean engineOnly = each == Degradation.ENGINE_SLOW || each == Degradation.ENGINE_FALLBACK;
      if (!engineOnly) {
        offer(collector, 1, 0, Set.of(each));
      }
    }
    recording.set(false);
    offer(collector, 2, 0, Set.of());
    collector.close();
    assertEquals(List.of(), names("visible"));
    assertEquals(0, collector.kept());
  }

  @Test
  void offer_slowEngine_pairIsKept() throws Exception {
    PairCollector collector = collector(folder, SECOND);
    offer(collector, 0, 0, Set.of(Degradation.ENGINE_SLOW));
    collector.close();
    assertEquals(1, names("visible").size());
  }

  @Test
  void offer_noTimeGiven_keepsNone() throws Exception {
    PairCollector collector = collector(folder, 0);
    offer(collector, 0, 0, Set.of());
    collector.close();
    assertEquals(List.of(), names("visible"));
  }

  @Test
  void offer_folderCannotBeMade_saysSoAndGoesOn() throws Exception {
    Path blocked = Files.createFile(folder.resolve("pairs"));
    PairCollector collector = collector(blocked, SECOND);
    offer(collector, 0, 0, Set.of());
    Await.until("the error", () -> !collector.error().isEmpty());
    assertTrue(collector.error().contains(blocked.toString()), collector.error());
    Files.delete(blocked);
    offerAndAwait(collector, 5);
    assertEquals("", collector.error());
  }

  @Test
  void pairs_ofARunningRecording_canBeEvaluated() throws Exception {
    String rig =
        """
        rigs:
          - name: demo
            visible: {uri: "simulated:night?seed=7"}
            infrared: {uri: "simulated:night?seed=7"}
            recording: {on_start: true, pairs_every_s: 0.5}
        """;
    try (Program program = Program.startWith(folder, rig)) {
      program.awaitRig("pairs", r -> r.path("recording").path("pairs").asLong() >= 3);
      assertTrue(program.get("metrics").body().contains("nightfuse_recorded_pairs_total{"));
    }
    String pairs = folder.resolve("recordings/demo/pairs").toString();
    ExternalProcess.Result result =
        Program.run(folder, "evaluate", "--dataset", pairs, "--model", "detail-transfer");
    assertEquals(0, result.exitCode(), result.stderr());
    assertTrue(result.text().contains("detail-transfer"), result.text());
    assertFalse(result.stderr().contains("partner"), result.stderr());
  }
}
