package dev.nightfuse.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.HandClock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class TelemetryTest {

  private enum Trouble {
    INFRARED_LOST,
    FFC
  }

  private final HandClock clock = new HandClock();
  private final Telemetry telemetry = new Telemetry("1.2.3", clock);
  private final RigTelemetry rig = telemetry.rig("demo", Trouble.values());
  private final StageMetrics fusedSend = rig.sendStage("fused");
  private long cameraFrames;
  private long streamBytes;

  @BeforeEach
  void wire() {
    rig.cameras(
        () ->
            new CameraReading(
                "v4l2:a", "READY", "", cameraFrames, 3, Map.of("late", 2L, "overload", 5L), 5, 1),
        () -> new CameraReading("v4l2:b", "LOST", "no such device", 0, 0, Map.of(), 0, 7));
    rig.stream(() -> new StreamReading("fused", 2, 30, streamBytes, 4, "x264enc"));
    rig.fusion(640, 480, "onnxruntime (cpu)", "detail-transfer", List.of("person"));
  }

  private void runSeconds(int seconds, Set<Trouble> troubles) {
    runSeconds(seconds, troubles, 30);
  }

  private void runSeconds(int seconds, Set<Trouble> troubles, long latencyMs) {
    for (int frame = 0; frame < seconds * 25; frame++) {
      clock.advanceMs(40);
      cameraFrames++;
      streamBytes += 10_000;
      rig.fused(troubles);
      fusedSend.processed(latencyMs * 1_000_000);
    }
  }

  @Test
  void snapshot_afterTwentyFivePerSecond_tellsRatesAndCounts() {
    runSeconds(10, Set.of());

    StatusSnapshot.Rig now = telemetry.snapshot().rigs().get(0);

    assertEquals(25, now.fusedFps(), 0.01);
    assertEquals(250, now.fusedFrames());
    assertEquals(25, now.visible().fps(), 0.01);
    assertEquals(0, now.infrared().fps());
    assertEquals("no such device", now.infrared().message());
    assertEquals(2, now.visible().unmatched());
    assertEquals(5, now.visible().leftOut());
    assertEquals(2_000, now.streams().get(0).kbitPerS(), 1);
    assertEquals(30, p95(now.captureToSendMs()), 0.5);
    assertEquals("detail-transfer", now.model());
  }

  @Test
  void snapshot_afterFramesStopped_tellsRateZeroSoon() {
    runSeconds(5, Set.of());
    telemetry.snapshot();
    clock.advanceMs(1_000);
    telemetry.snapshot();
    clock.advanceMs(2_500);

    assertEquals(0, telemetry.snapshot().rigs().get(0).fusedFps());
  }

  @Test
  void snapshot_afterTheRateChanged_forgetsTheOldRate() {
    runSeconds(20, Set.of());
    for (int frame = 0; frame < 50; frame++) {
      clock.advanceMs(100);
      rig.fused(Set.of());
    }

    assertEquals(10, telemetry.snapshot().rigs().get(0).fusedFps(), 0.01);
  }

  @Test
  void snapshot_latencyJumpsAfterAnHour_showsWithinTheMinuteAndIsForgottenAfterIt() {
    runSeconds(3_600, Set.of());
    runSeconds(5, Set.of(), 200);
    assertEquals(200, p95(latency()), 2);
    assertEquals(30, latency().p50(), 0.5);

    runSeconds(50, Set.of());
    assertEquals(200, p95(latency()), 2);
    runSeconds(10, Set.of());
    assertEquals(30, latency().max(), 0.5);
    assertEquals(latency(), telemetry.snapshot().rigs().get(0).stages().get(0).durationMs());
  }

  @Test
  void snapshot_ofSeveralReaders_isTheSameForAll() {
    runSeconds(70, Set.of());
    runSeconds(5, Set.of(), 200);

    StatusSnapshot.Percentiles first = latency();
    for (int reader = 0; reader < 100; reader++) {
      telemetry.metrics();
      assertEquals(first, latency());
    }
  }

  @Test
  void snapshot_nothingSentForAMinute_tellsNoFigure() {
    DurationHistogram skew = new DurationHistogram();
    rig.skew(skew);
    assertNull(telemetry.snapshot().rigs().get(0).skewMs());
    skew.record(4_000_000);
    runSeconds(20, Set.of());
    assertEquals(4, p95(telemetry.snapshot().rigs().get(0).skewMs()), 0.05);

    clock.advanceMs(61_000);

    StatusSnapshot.Rig now = telemetry.snapshot().rigs().get(0);
    assertNull(now.captureToSendMs());
    assertNull(now.skewMs());
    assertNull(now.stages().get(0).durationMs());
    assertEquals(500, now.stages().get(0).processed());
    runSeconds(1, Set.of(), 50);
    assertEquals(50, p95(latency()), 0.5);
  }

  @Test
  void snapshot_viewNobodyWatchesAnyMore_isForgottenThoughTheRigLives() {
    runSeconds(10, Set.of());
    for (int second = 0; second < 61; second++) {
      clock.advanceMs(1_000);
      rig.degraded(Set.of(Trouble.INFRARED_LOST));
    }

    assertNull(telemetry.snapshot().rigs().get(0).captureToSendMs());
  }

  @Test
  void metrics_afterMinutes_areSinceStart() {
    runSeconds(5, Set.of(), 200);
    runSeconds(120, Set.of());

    assertTrue(
        telemetry
            .metrics()
            .contains("nightfuse_capture_to_send_seconds_bucket{rig=\"demo\",le=\"0.25\"} 3125"));
    assertTrue(
        telemetry
            .metrics()
            .contains("nightfuse_capture_to_send_seconds_bucket{rig=\"demo\",le=\"0.15\"} 3000"));
  }

  @Test
  void snapshot_engineSlowerThanTheWindow_tellsItsRateAllTheTime() {
    for (int frame = 0; frame < 30 * 20; frame++) {
      clock.advanceMs(frame % 3 == 0 ? 34 : 33);
      if (frame % 75 == 0) {
        rig.fused(Set.of(Trouble.FFC));
      } else {
        rig.shown(Set.of(Trouble.FFC));
      }
      if (frame > 75 && frame % 10 == 0) {
        assertEquals(0.4, telemetry.snapshot().rigs().get(0).fusedFps(), 0.05);
        assertEquals("degraded", telemetry.health());
      }
    }
    assertEquals(8, telemetry.snapshot().rigs().get(0).fusedFrames());
    clock.advanceMs(10_000);
    assertEquals(0, telemetry.snapshot().rigs().get(0).fusedFps());
  }

  @Test
  void health_overTheLifeOfARig_followsIt() {
    assertEquals("starting", telemetry.health());
    rig.fused(Set.of());
    assertEquals("ok", telemetry.health());
    rig.fused(Set.of(Trouble.FFC));
    assertEquals("degraded", telemetry.health());
    assertEquals(List.of("FFC"), telemetry.snapshot().rigs().get(0).degradations());
    rig.fused(Set.of());
    assertEquals("ok", telemetry.health());
    clock.advanceMs(3_001);
    assertEquals("failed", telemetry.health());
  }

  @Test
  void health_camerasOfOnePictureInFiveSeconds_isOkWhileTheLastOneIsShownAgain() {
    rig.fused(Set.of());
    for (int again = 0; again < 8; again++) {
      clock.advanceMs(again == 0 ? 800 : 600);
      rig.shown(Set.of());
      assertEquals("ok", telemetry.health());
    }
    // Two pictures right behind each other, as a network may bring them.
    rig.fused(Set.of());
    clock.advanceMs(10);
    rig.fused(Set.of());
    clock.advanceMs(2_990);
    assertEquals("ok", telemetry.health());
    rig.shown(Set.of());
    clock.advanceMs(3_001);
    assertEquals("failed", telemetry.health());
  }

  @Test
  void health_oneRigOfTwoWithoutPicture_isStarting() {
    telemetry.rig("second", Trouble.values());
    rig.fused(Set.of());

    assertEquals("starting", telemetry.health());
  }

  @Test
  void metrics_afterFrames_holdTheCounts() {
    StageMetrics fuse = rig.stage("fuse");
    fuse.processed(8_500_000);
    fuse.processed(14_000_000);
    fuse.dropped();
    telemetry.stage("", "batch").processed(1_000);
    DurationHistogram skew = new DurationHistogram();
    skew.record(4_000_000);
    skew.record(6_000_000);
    rig.skew(skew);
    runSeconds(2, Set.of(Trouble.INFRARED_LOST));

    List<String> lines = telemetry.metrics().lines().toList();

    for (String expected :
        List.of(
            "nightfuse_build_info{version=\"1.2.3\"} 1",
            "nightfuse_uptime_seconds 2",
            "nightfuse_health_state{state=\"degraded\"} 1",
            "nightfuse_health_state{state=\"ok\"} 0",
            "nightfuse_fused_frames_total{rig=\"demo\"} 50",
            "nightfuse_degraded_frames_total{rig=\"demo\",degradation=\"infrared-lost\"} 50",
            "nightfuse_degraded_frames_total{rig=\"demo\",degradation=\"ffc\"} 0",
            "nightfuse_degradation_active{rig=\"demo\",degradation=\"infrared-lost\"} 1",
            "nightfuse_pair_skew_seconds_bucket{rig=\"demo\",le=\"0.003\"} 0",
            "nightfuse_pair_skew_seconds_bucket{rig=\"demo\",le=\"0.005\"} 1",
            "nightfuse_pair_skew_seconds_bucket{rig=\"demo\",le=\"0.008\"} 2",
            "nightfuse_pair_skew_seconds_count{rig=\"demo\"} 2",
            "nightfuse_capture_to_send_seconds_bucket{rig=\"demo\",le=\"0.025\"} 0",
            "nightfuse_capture_to_send_seconds_bucket{rig=\"demo\",le=\"0.033\"} 50",
            "nightfuse_stage_duration_seconds_bucket{rig=\"demo\",stage=\"fuse\",le=\"0.008\"} 0",
            "nightfuse_stage_duration_seconds_bucket{rig=\"demo\",stage=\"fuse\",le=\"0.012\"} 1",
            "nightfuse_stage_duration_seconds_bucket{rig=\"demo\",stage=\"fuse\",le=\"+Inf\"} 2",
            "nightfuse_stage_dropped_total{rig=\"demo\",stage=\"fuse\"} 1",
            "nightfuse_stage_duration_seconds_count{rig=\"\",stage=\"batch\"} 1",
            "nightfuse_camera_state{rig=\"demo\",camera=\"infrared\",state=\"lost\"} 1",
            "nightfuse_camera_frames_total{rig=\"demo\",camera=\"visible\"} 50",
            "nightfuse_camera_unmatched_frames_total{rig=\"demo\",camera=\"visible\",reason=\"late\"} 2",
            "nightfuse_camera_reconnects_total{rig=\"demo\",camera=\"infrared\"} 7",
            "nightfuse_stream_viewers{rig=\"demo\",view=\"fused\"} 2",
            "nightfuse_stream_bytes_total{rig=\"demo\",view=\"fused\"} 500000",
            "nightfuse_recording_active{rig=\"demo\"} 0",
            "nightfuse_recording_dropped_units_total{rig=\"demo\"} 0")) {
      assertTrue(lines.contains(expected), () -> expected + " is missing in\n" + join(lines));
    }
  }

  @Test
  void metrics_text_isWellFormed() {
    runSeconds(1, Set.of());

    String text = telemetry.metrics();

    String family = "";
    for (String line : text.lines().toList()) {
      if (line.startsWith("# HELP ")) {
        family = line.split(" ", 4)[2];
        assertEquals(2, text.split("# HELP " + family + " ", -1).length, family + " twice");
      } else if (!line.startsWith("# TYPE " + family + " ")) {
        assertTrue(
            line.matches(
                family
                    + "(_bucket|_sum|_count)?(\\{[a-z]+=\"[^\"]*\"(,[a-z]+=\"[^\"]*\")*})? [-+0-9.eE]+"),
            line);
      }
    }
    assertTrue(text.endsWith("\n"));
  }

  @Test
  void metrics_hostileLabel_isEscaped() {
    telemetry.rig("a\"b\\c\nd", Trouble.values());

    assertTrue(
        telemetry.metrics().contains("nightfuse_fused_frames_total{rig=\"a\\\"b\\\\c\\nd\"} 0\n"));
  }

  private StatusSnapshot.Percentiles latency() {
    return Objects.requireNonNull(telemetry.snapshot().rigs().get(0).captureToSendMs());
  }

  private static double p95(StatusSnapshot.@Nullable Percentiles figures) {
    return Objects.requireNonNull(figures).p95();
  }

  private static String join(List<String> lines) {
    return String.join("\n", lines);
  }
}
