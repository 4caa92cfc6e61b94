package dev.nightfuse.dashboard;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.StreamDirectory;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.stream.View;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All who watch: WebSockets, and stills while they are taken. Lives on the event loop; {@link
 * #closeAll} may be called from any thread.
 */
final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);
  private static final long HOUSEKEEPING_MS = 1_000;
  // Keeps idle connections open through middle boxes and finds dead peers.
  private static final int PING_EVERY_TICKS = 15;
  private static final int STATUS_PER_VIEWER = 4;

  private final Vertx vertx;
  private final Context loop;
  private final DashboardSettings settings;
  private final StreamDirectory streams;
  private final List<Worker> workers;
  private final StatusBoard board;
  private final FrameClock clock;
  private final OpenConnections open;

  private final Worker stillWorker;
  private final JpegStill stillEncoder = new JpegStill();

  private final Map<VideoStream, StillPicture> stills = new HashMap<>();
  private final Set<VideoSocket> viewers = new LinkedHashSet<>();
  private final Set<ServerWebSocket> statusSockets = new LinkedHashSet<>();
  private final Set<ServerWebSocket> all = new LinkedHashSet<>();
  private int ticks;
  private boolean closing;

  Connections(
      Vertx vertx,
      DashboardSettings settings,
      StreamDirectory streams,
      List<Worker> workers,
      StatusBoard board,
      FrameClock clock,
      OpenConnections open) {
    this.vertx = vertx;
    this.loop = vertx.getOrCreateContext();
    this.settings = settings;
    this.streams = streams;
    this.workers = workers;
    this.stillWorker = new Worker(vertx, "dashboard-still");
    this.board = board;
    this.clock = clock;
    this.open = open;
  }

  void startTimers() {
    loop.runOnContext(
        v -> {
          vertx.setPeriodic(HOUSEKEEPING_MS, id -> housekeeping());
          vertx.setPeriodic(settings.statusIntervalMs(), id -> pushStatus());
        });
  }

  /** Handles {@code /ws/RIG/VIEW}. */
  void openVideo(RoutingContext ctx) {
    VideoStream stream = find(ctx.pathParam("rig"), ctx.pathParam("view"));
    if (closing || viewers.size() >= settings.maxViewers()) {
      throw new ApiException(
          503, null, "all " + settings.maxViewers() + " viewer places are taken; try again later");
    }
    HttpConnection connection = ctx.request().connection();
    ctx.request()
        .toWebSocket()
        .onFailure(e -> LOG.debug("no WebSocket: {}", e.toString()))
        .onSuccess(
            socket -> {
              VideoSocket viewer = new VideoSocket(loop, socket, stream, settings, clock);
              viewers.add(viewer);
              all.add(socket);
              viewer.start(
                  () -> {
                    viewers.remove(viewer);
                    all.remove(socket);
                    open.closed(connection);
                  });
            });
  }

  /**
   * Handles {@code /api/v1/rigs/RIG/VIEW.jpg}. Whoever asks while a picture is on its way gets the
   * same.
   */
  void sendStill(RoutingContext ctx) {
    VideoStream stream = find(ctx.pathParam("rig"), ctx.pathParam("view"));
    if (closing) {
      throw new ApiException(503, null, "the server stops");
    }
    stills
        .computeIfAbsent(stream, this::takeStill)
        .file()
        .onSuccess(still -> Replies.jpeg(ctx, still.jpeg(), still.captureWallNs()))
        .onFailure(ctx::fail);
  }

  private StillPicture takeStill(VideoStream stream) {
    StillPicture still =
        new StillPicture(loop, stream, settings.queueUnits(), stillWorker, stillEncoder);
    still.file().onComplete(done -> stills.remove(stream));
    return still;
  }

  /** Handles {@code /ws/status}. */
  void openStatus(RoutingContext ctx) {
    if (closing || statusSockets.size() >= settings.maxViewers() * STATUS_PER_VIEWER) {
      throw new ApiException(503, null, "too many open pages; try again later");
    }
    HttpConnection connection = ctx.request().connection();
    ctx.request()
        .toWebSocket()
        .onFailure(e -> LOG.debug("no WebSocket: {}", e.toString()))
        .onSuccess(
            socket -> {
              statusSockets.add(socket);
              all.add(socket);
              socket.exceptionHandler(e -> LOG.debug("status socket: {}", e.toString()));
              socket.closeHandler(
                  v -> {
                    statusSockets.remove(socket);
                    all.remove(socket);
                    open.closed(connection);
                  });
              socket.textMessageHandler(text -> answerClock(socket, text));
              board.current().onSuccess(now -> writeIfIdle(socket, now.message()));
            });
  }

  /** Sends the new state to the pages now rather than at the next period. */
  void tell() {
    board.refreshed().onSuccess(this::push);
  }

  Future<Void> closeAll() {
    Promise<Void> done = Promise.promise();
    loop.runOnContext(
        v -> {
          closing = true;
          for (VideoSocket viewer : List.copyOf(viewers)) {
            viewer.close(VideoSocket.GOING_AWAY, "the server stops");
          }
          List.copyOf(stills.values()).forEach(StillPicture::close);
          List<Future<Void>> closes = new ArrayList<>();
          for (ServerWebSocket socket : List.copyOf(all)) {
            closes.add(
                socket.shutdown(
                    Duration.ofMillis(500), VideoSocket.GOING_AWAY, "the server stops"));
          }
          workers.forEach(worker -> closes.add(worker.idle()));
          closes.add(stillWorker.idle());
          Future.join(closes).onComplete(joined -> done.complete());
        });
    return done.future();
  }

  private VideoStream find(@Nullable String rig, @Nullable String viewLabel) {
    View view = View.byLabel(String.valueOf(viewLabel)).orElse(null);
    if (view == null) {
      throw new ApiException(
          404, "view", "no view '" + viewLabel + "'; there is " + String.join(", ", labels()));
    }
    return streams
        .find(String.valueOf(rig), view)
        .orElseThrow(
            () ->
                new ApiException(
                    404, "rig", "rig '" + rig + "' has no view '" + view.label() + "'"));
  }

  private static List<String> labels() {
    List<String> labels = new ArrayList<>();
    for (View view : View.values()) {
      labels.add(view.label());
    }
    return labels;
  }

  private void housekeeping() {
    long nowNs = clock.nowNs();
    for (VideoSocket viewer : List.copyOf(viewers)) {
      viewer.checkProgress(nowNs);
    }
    if (++ticks % PING_EVERY_TICKS == 0) {
      for (ServerWebSocket socket : List.copyOf(all)) {
        if (!socket.writeQueueFull()) {
          socket.writePing(Buffer.buffer(0));
        }
      }
    }
  }

  private void pushStatus() {
    if (!closing && !statusSockets.isEmpty()) {
      board.current().onSuccess(this::push);
    }
  }

  private void push(StatusBoard.Board now) {
    // Nothing may follow the close frame.
    if (closing) {
      return;
    }
    for (ServerWebSocket socket : List.copyOf(statusSockets)) {
      writeIfIdle(socket, now.message());
    }
  }

  private static void writeIfIdle(ServerWebSocket socket, String message) {
    if (!socket.isClosed() && !socket.writeQueueFull()) {
      socket.writeTextMessage(message);
    }
  }

  /**
   * The page sends its own clock as a number and gets it back with ours; from the round trip it
   * learns the difference of the two.
   */
  private void answerClock(ServerWebSocket socket, String text) {
    try {
      double sent = Double.parseDouble(text);
      if (Double.isFinite(sent)) {
        writeIfIdle(
            socket,
            "{\"type\":\"clock\",\"sent\":"
                + sent
                + ",\"server\":"
                + clock.wallNowNs() / 1e6
                + "}");
        return;
      }
    } catch (NumberFormatException e) {
      LOG.debug("status socket sent no number");
    }
    socket.close((short) 1003, "only a number is understood");
  }
}
