package dev.nightfuse.dashboard;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.telemetry.StatusSnapshot;
import dev.nightfuse.telemetry.StatusSnapshot.Camera;
import dev.nightfuse.telemetry.StatusSnapshot.Percentiles;
import dev.nightfuse.telemetry.StatusSnapshot.Recording;
import dev.nightfuse.telemetry.StatusSnapshot.Stage;
import dev.nightfuse.telemetry.StreamReading;
import java.util.List;
import java.util.function.Supplier;

/** A status as a running program would give it, with parts that tests change. */
final class TestStatus implements Supplier<StatusSnapshot> {

  private final FrameClock clock = FrameClock.system();
  private final long startNs = clock.nowNs();
  private final LiveFeed feed;
  private final FakeControls controls;
  private volatile String health = "ok";
  private volatile long dropped;
  private volatile List<String> degradations = List.of();

  TestStatus(LiveFeed feed, FakeControls controls) {
    this.feed = feed;
    this.controls = controls;
  }

  void set(String newHealth, String... names) {
    health = newHealth;
    degradations = List.of(names);
  }

  /** Pictures that the recording has lost. */
  void lose(long pictures) {
    dropped = pictures;
  }

  @Override
  public StatusSnapshot get() {
    long uptimeMs = (clock.nowNs() - startNs) / 1_000_000;
    return new StatusSnapshot(
        "0.1.0-test",
        uptimeMs,
        health,
        controls.rigs().stream().map(name -> rig(name, uptimeMs)).toList());
  }

  private StatusSnapshot.Rig rig(String name, long uptimeMs) {
    long frames = uptimeMs * 3 / 100;
    String infraredState = degradations.contains("FFC") ? "FFC" : "READY";
    boolean lost = degradations.contains("INFRARED_LOST");
    return new StatusSnapshot.Rig(
        name,
        640,
        480,
        30.0,
        frames,
        new Camera("simulated:night?camera=visible", "READY", "", 30.0, frames, 0, 2, 0, 0),
        new Camera(
            "simulated:night?camera=infrared",
            lost ? "LOST" : infraredState,
            lost ? "no frames for 1.2 s; trying again" : "",
            lost ? 0 : 25.0,
            frames * 5 / 6,
            lost ? 1 : 0,
            7,
            0,
            0),
        new Percentiles(3.1, 11.8, 15.2, 18.9),
        new Percentiles(34.2, 47.9, 55.0, 81.3),
        degradations,
        "onnxruntime-cpu",
        "graph-fusion",
        FakeControls.classNames(),
        List.of(
            new Stage("sync", frames, 2, new Percentiles(0.1, 0.3, 0.5, 1.1)),
            new Stage("register", frames, 0, new Percentiles(0.8, 1.0, 1.3, 2.0)),
            new Stage("fuse", frames, 0, new Percentiles(11.9, 14.2, 17.0, 24.1)),
            new Stage("overlay", frames, 0, new Percentiles(0.6, 0.8, 0.9, 1.4)),
            new Stage("encode", frames, 0, new Percentiles(2.2, 3.0, 3.9, 6.1))),
        feed.hubs(name).stream().map(hub -> stream(hub.reading())).toList(),
        new Recording(
            controls.recording(),
            "fused",
            controls.recording() ? "recordings/demo/2026-11-21/demo-fused-013000.mp4" : "",
            controls.recording() ? 4_812_331 : 0,
            dropped,
            controls.recording() ? 14 : 0,
            0,
            ""));
  }

  private static StatusSnapshot.Stream stream(StreamReading reading) {
    return new StatusSnapshot.Stream(
        reading.view(),
        reading.viewers(),
        reading.units(),
        reading.dropped(),
        2_350,
        reading.encoder());
  }
}
