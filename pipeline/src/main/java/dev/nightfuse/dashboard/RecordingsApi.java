package dev.nightfuse.dashboard;

import dev.nightfuse.dashboard.DashboardControls.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Recordings over HTTP: {@code /api/v1/rigs/RIG/recordings} lists them, {@code .../NAME} gives,
 * keeps and deletes one. Everything that touches the disk runs on a thread of its own, so that a
 * slow disk holds up neither video nor status.
 */
final class RecordingsApi {

  static final int MOST_LISTED = 500;
  private static final int USUALLY_LISTED = 100;

  private final Worker disk;
  private final DashboardControls controls;
  private final Download download;

  RecordingsApi(Vertx vertx, Worker disk, DashboardControls controls) {
    this.disk = disk;
    this.controls = controls;
    this.download = new Download(vertx);
  }

  /** After {@link ControlApi#mount}, which reads the bodies. */
  void mount(Router router) {
    String all = "/api/v1/rigs/:rig/recordings";
    String one = all + "/:name";
    router.get(all).handler(this::list);
    router.route(one).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::send);
    router.put(one).handler(this::keep);
    router.delete(one).handler(this::delete);
  }

  private void list(RoutingContext ctx) {
    String before = ctx.queryParams().contains("before") ? ctx.queryParams().get("before") : "";
    int limit = limit(ctx.queryParams().get("limit"));
    answer(ctx, rig -> rig.list(before, limit));
  }

  private static int limit(@Nullable String given) {
    if (given == null) {
      return USUALLY_LISTED;
    }
    if (!given.matches("\\d{1,4}")
        || Integer.parseInt(given) < 1
        || Integer.parseInt(given) > MOST_LISTED) {
      throw new ApiException(
          400, "limit", "limit is " + given + "; allowed is a number from 1 to " + MOST_LISTED);
    }
    return Integer.parseInt(given);
  }

  private void send(RoutingContext ctx) {
    String rig = ControlApi.rig(ctx, controls);
    call(() -> {
          Path file = controls.recordings(rig).file(name(ctx));
          return file == null ? null : Download.Source.of(file, rig + "_" + name(ctx));
        })
        .onSuccess(
            source -> {
              if (source == null) {
                ctx.fail(none(ctx));
              } else {
                download.send(ctx, source);
              }
            })
        .onFailure(e -> ctx.fail(e instanceof NoSuchFileException ? none(ctx) : e));
  }

  private void keep(RoutingContext ctx) {
    Replies.requireJson(ctx);
    boolean kept = ControlRequest.flag(ControlApi.bytes(ctx), "kept");
    change(ctx, rig -> rig.keep(name(ctx), kept), Map.of("name", name(ctx), "kept", kept));
  }

  private void delete(RoutingContext ctx) {
    change(ctx, rig -> rig.delete(name(ctx)), Map.of("name", name(ctx), "deleted", true));
  }

  private interface Query<T> {
    T ask(DashboardRecordings recordings) throws RefusedException;
  }

  private void answer(RoutingContext ctx, Query<?> query) {
    String rig = ControlApi.rig(ctx, controls);
    call(() -> query.ask(controls.recordings(rig)))
        .onSuccess(value -> Replies.json(ctx, 200, value))
        .onFailure(ctx::fail);
  }

  private void change(RoutingContext ctx, Query<Boolean> change, Map<String, Object> done) {
    String rig = ControlApi.rig(ctx, controls);
    call(() -> change.ask(controls.recordings(rig)))
        .onSuccess(
            found -> {
              if (found) {
                Replies.json(ctx, 200, done);
              } else {
                ctx.fail(none(ctx));
              }
            })
        .onFailure(ctx::fail);
  }

  private <T> Future<T> call(Callable<T> work) {
    return disk.call(work)
        .recover(
            e ->
                Future.failedFuture(
                    e instanceof RefusedException
                        ? new ApiException(409, null, String.valueOf(e.getMessage()))
                        : e));
  }

  private static String name(RoutingContext ctx) {
    return String.valueOf(ctx.pathParam("name"));
  }

  private static ApiException none(RoutingContext ctx) {
    return new ApiException(
        404, "name", "rig '%s' has no such recording".formatted(ctx.pathParam("rig")));
  }
}
