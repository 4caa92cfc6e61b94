package dev.nightfuse.dashboard;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.telemetry.StatusSnapshot;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The status, taken on the worker thread and shared by everyone who asks within a quarter of a
 * second, so that many pages and probes cost as much as one.
 *
 * <p>Used on the event loop only.
 */
final class StatusBoard {

  private static final long FRESH_NS = 250_000_000L;

  private final Worker worker;
  private final ObjectMapper json;
  private final Supplier<StatusSnapshot> status;
  private final DashboardControls controls;
  private final FrameClock clock;

  private @Nullable Future<Board> latest;
  private long takenNs;

  /**
   * The state at one moment.
   *
   * @param statusJson the snapshot, as {@code /api/v1/status} answers it
   * @param message the snapshot and the controls, as the page receives them
   */
  record Board(StatusSnapshot snapshot, String statusJson, String message) {}

  /** The controls of one rig as the page shows them. */
  record RigControls(
      DashboardControls.Overlay overlay,
      String palette,
      List<DashboardControls.Palette> palettes,
      DashboardControls.Shift registration) {}

  /** The message to the page. */
  record Message(String type, StatusSnapshot status, Map<String, RigControls> controls) {}

  StatusBoard(
      Worker worker,
      ObjectMapper json,
      Supplier<StatusSnapshot> status,
      DashboardControls controls,
      FrameClock clock) {
    this.worker = worker;
    this.json = json;
    this.status = status;
    this.controls = controls;
    this.clock = clock;
  }

  Future<Board> current() {
    Future<Board> held = latest;
    if (held != null && !held.failed() && clock.nowNs() - takenNs < FRESH_NS) {
      return held;
    }
    return refreshed();
  }

  /** Takes a new one whatever the age of the last: after a change. */
  Future<Board> refreshed() {
    takenNs = clock.nowNs();
    Future<Board> taken = worker.call(this::take);
    latest = taken;
    return taken;
  }

  private Board take() throws JsonProcessingException {
    StatusSnapshot snapshot = status.get();
    Map<String, RigControls> byRig = new LinkedHashMap<>();
    for (String rig : controls.rigs()) {
      byRig.put(
          rig,
          new RigControls(
              controls.overlay(rig),
              controls.palette(rig),
              controls.palettes(),
              controls.shift(rig)));
    }
    return new Board(
        snapshot,
        json.writeValueAsString(snapshot),
        json.writeValueAsString(new Message("status", snapshot, byRig)));
  }
}
