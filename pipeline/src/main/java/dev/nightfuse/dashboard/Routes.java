package dev.nightfuse.dashboard;

import dev.nightfuse.telemetry.Telemetry;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Which address does what. */
final class Routes {

  private static final String STILL = "/api/v1/rigs/(?<rig>[^/]+)/(?<view>[^/]+)\\.jpg";

  private final Vertx vertx;
  private final Worker worker;
  private final HostGuard guard;
  private final Login login;
  private final StatusBoard board;
  private final Supplier<String> metricsText;
  private final Connections connections;
  private final Assets assets = new Assets();

  Routes(
      Vertx vertx,
      Worker worker,
      HostGuard guard,
      Login login,
      StatusBoard board,
      Supplier<String> metricsText,
      Connections connections) {
    this.vertx = vertx;
    this.worker = worker;
    this.guard = guard;
    this.login = login;
    this.board = board;
    this.metricsText = metricsText;
    this.connections = connections;
  }

  Router router(ControlApi controls, RecordingsApi recordings) {
    Router router = Router.router(vertx);
    router.route().handler(this::admit);
    // Open to all: what restarts the program has no password.
    router.route("/healthz").method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::health);
    router.get("/api/v1/me").handler(login::me);
    router.route().handler(login::check);
    router.get("/metrics").handler(this::metrics);
    router.get("/api/v1/status").handler(this::status);
    controls.mount(router);
    recordings.mount(router);
    router.getWithRegex(STILL).handler(connections::sendStill);
    router.get("/ws/status").handler(ctx -> upgrade(ctx, connections::openStatus));
    router.get("/ws/:rig/:view").handler(ctx -> upgrade(ctx, connections::openVideo));
    for (String path : assets.paths()) {
      router.route(path).method(HttpMethod.GET).method(HttpMethod.HEAD).handler(this::asset);
    }
    router.route().failureHandler(Replies::failure);
    for (int status : new int[] {400, 404, 405, 413, 500}) {
      router.errorHandler(status, Replies::failure);
    }
    return router;
  }

  /** First for every request: headers of the answer, then who may ask. */
  private void admit(RoutingContext ctx) {
    HttpServerRequest request = ctx.request();
    Replies.secure(ctx.response());
    String host = request.getHeader(HttpHeaders.HOST);
    guard.checkHost(host);
    boolean upgrades = request.headers().contains(HttpHeaders.UPGRADE);
    if (Login.changes(request) || upgrades) {
      guard.checkOrigin(host, request.getHeader(HttpHeaders.ORIGIN));
    }
    ctx.next();
  }

  private static void upgrade(RoutingContext ctx, Consumer<RoutingContext> open) {
    if (!"websocket".equalsIgnoreCase(ctx.request().getHeader(HttpHeaders.UPGRADE))) {
      ctx.response().putHeader(HttpHeaders.UPGRADE, "websocket");
      throw new ApiException(426, "Upgrade", "this address speaks WebSocket only");
    }
    open.accept(ctx);
  }

  private void status(RoutingContext ctx) {
    board
        .current()
        .onSuccess(now -> Replies.text(ctx, 200, "application/json", now.statusJson()))
        .onFailure(ctx::fail);
  }

  private void health(RoutingContext ctx) {
    board
        .current()
        .onSuccess(
            now -> {
              String health = now.snapshot().health();
              boolean serves = health.equals("ok") || health.equals("degraded");
              Map<String, List<String>> degradations = new LinkedHashMap<>();
              now.snapshot().rigs().forEach(r -> degradations.put(r.name(), r.degradations()));
              Map<String, Object> body = new LinkedHashMap<>();
              body.put("health", health);
              body.put("degradations", degradations);
              Replies.json(ctx, serves ? 200 : 503, body);
            })
        .onFailure(ctx::fail);
  }

  private void metrics(RoutingContext ctx) {
    worker
        .call(metricsText::get)
        .onSuccess(text -> Replies.text(ctx, 200, Telemetry.METRICS_CONTENT_TYPE, text))
        .onFailure(ctx::fail);
  }

  private void asset(RoutingContext ctx) {
    Assets.Asset asset = assets.find(ctx.normalizedPath());
    if (asset == null) {
      ctx.next();
      return;
    }
    // Always asked again, answered with 304: an update of the program shows at the next load.
    ctx.response()
        .putHeader(HttpHeaders.CACHE_CONTROL, "no-cache")
        .putHeader(HttpHeaders.ETAG, asset.etag());
    if (asset.etag().equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      ctx.response().setStatusCode(304).end();
    } else {
      ctx.response().putHeader(HttpHeaders.CONTENT_TYPE, asset.type()).end(asset.body());
    }
  }
}
