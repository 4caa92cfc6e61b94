package dev.nightfuse.dashboard;

import static dev.nightfuse.dashboard.Replies.json;

import dev.nightfuse.telemetry.StatusSnapshot;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.handler.BodyHandler;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/**
 * The operator's controls over HTTP: {@code /api/v1/rigs/RIG/overlay}, {@code /palette}, {@code
 * /registration} and {@code /recording}. A change is answered with the new state. That of a
 * recording is made where recordings wait for the disk.
 */
final class ControlApi {

  private static final int BODY_LIMIT_BYTES = 4096;

  private final Worker worker;
  private final Worker disk;
  private final DashboardControls controls;
  private final StatusBoard board;
  private final Runnable changed;

  /** {@code changed} runs on the event loop after every change, to tell the open pages. */
  ControlApi(
      Worker worker, Worker disk, DashboardControls controls, StatusBoard board, Runnable changed) {
    this.worker = worker;
    this.disk = disk;
    this.controls = controls;
    this.board = board;
    this.changed = changed;
  }

  void mount(Router router) {
    String base = "/api/v1/rigs/:rig";
    router.route(base + "/*").handler(BodyHandler.create(false).setBodyLimit(BODY_LIMIT_BYTES));
    router.get("/api/v1/rigs").handler(ctx -> answer(ctx, () -> Map.of("rigs", controls.rigs())));
    router.get(base + "/overlay").handler(ctx -> answer(ctx, () -> controls.overlay(rig(ctx))));
    router.get(base + "/palette").handler(ctx -> answer(ctx, () -> palette(rig(ctx))));
    router.get(base + "/registration").handler(ctx -> answer(ctx, () -> controls.shift(rig(ctx))));
    router.get(base + "/recording").handler(this::recording);
    router.put(base + "/overlay").handler(ctx -> change(worker, ctx, () -> changeOverlay(ctx)));
    router.put(base + "/palette").handler(ctx -> change(worker, ctx, () -> changePalette(ctx)));
    router.put(base + "/registration").handler(ctx -> change(worker, ctx, () -> changeShift(ctx)));
    router.post(base + "/recording").handler(ctx -> change(disk, ctx, () -> changeRecording(ctx)));
  }

  private Object changeOverlay(RoutingContext ctx) {
    String rig = rig(ctx);
    List<String> names =
        controls.overlay(rig).classes().stream().map(DashboardControls.OverlayClass::name).toList();
    ControlRequest.OverlayChange wanted = ControlRequest.overlay(bytes(ctx), names);
    wanted.classes().forEach((name, shown) -> controls.setClassShown(rig, name, shown));
    wanted.opacity().ifPresent(value -> controls.setOverlayOpacity(rig, value));
    return controls.overlay(rig);
  }

  private Object changePalette(RoutingContext ctx) {
    String rig = rig(ctx);
    controls.setPalette(rig, ControlRequest.choice(bytes(ctx), "palette", paletteNames()));
    return palette(rig);
  }

  private Object changeShift(RoutingContext ctx) {
    String rig = rig(ctx);
    double farthestPx = controls.shift(rig).farthestPx();
    List<Double> shiftPx = ControlRequest.numbers(bytes(ctx), "shiftPx", 2, farthestPx);
    controls.setShift(rig, shiftPx.get(0), shiftPx.get(1));
    return controls.shift(rig);
  }

  private Object changeRecording(RoutingContext ctx) {
    String rig = rig(ctx);
    String action = ControlRequest.choice(bytes(ctx), "action", List.of("start", "stop"));
    try {
      if (action.equals("start")) {
        controls.startRecording(rig);
      } else {
        controls.stopRecording(rig);
      }
    } catch (DashboardControls.RefusedException e) {
      throw new ApiException(409, "action", String.valueOf(e.getMessage()));
    }
    return Map.of("rig", rig, "action", action);
  }

  private void recording(RoutingContext ctx) {
    board
        .current()
        .map(
            now -> {
              for (StatusSnapshot.Rig rig : now.snapshot().rigs()) {
                if (rig.name().equals(ctx.pathParam("rig"))) {
                  return rig.recording();
                }
              }
              throw noRig(
                  ctx.pathParam("rig"),
                  now.snapshot().rigs().stream().map(StatusSnapshot.Rig::name).toList());
            })
        .onSuccess(state -> json(ctx, 200, state))
        .onFailure(ctx::fail);
  }

  private Object palette(String rig) {
    return Map.of("palette", controls.palette(rig), "available", paletteNames());
  }

  private List<String> paletteNames() {
    return controls.palettes().stream().map(DashboardControls.Palette::name).toList();
  }

  private String rig(RoutingContext ctx) {
    return rig(ctx, controls);
  }

  /** The rig that a request names. */
  static String rig(RoutingContext ctx, DashboardControls controls) {
    String name = ctx.pathParam("rig");
    if (!controls.rigs().contains(name)) {
      throw noRig(name, controls.rigs());
    }
    return name;
  }

  private static ApiException noRig(String name, List<String> rigs) {
    return new ApiException(
        404, "rig", "no rig '" + name + "'; there is " + String.join(", ", rigs));
  }

  static byte[] bytes(RoutingContext ctx) {
    return ctx.body().buffer() == null ? new byte[0] : ctx.body().buffer().getBytes();
  }

  private void answer(RoutingContext ctx, Callable<Object> work) {
    worker.call(work).onSuccess(value -> json(ctx, 200, value)).onFailure(ctx::fail);
  }

  private void change(Worker on, RoutingContext ctx, Callable<Object> work) {
    Replies.requireJson(ctx);
    on.call(work)
        .onSuccess(
            value -> {
              json(ctx, 200, value);
              changed.run();
            })
        .onFailure(ctx::fail);
  }
}
