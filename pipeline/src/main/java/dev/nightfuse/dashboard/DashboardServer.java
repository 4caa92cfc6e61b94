package dev.nightfuse.dashboard;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.nightfuse.access.Gate;
import dev.nightfuse.access.OnceAMinute;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.StreamDirectory;
import dev.nightfuse.telemetry.StatusSnapshot;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.KeyCertOptions;
import io.vertx.ext.web.Router;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The dashboard: the live page, video over WebSocket, status, metrics and control over HTTP.
 *
 * <p>{@link #start} and {@link #close} may be called from any thread that is not an event loop.
 * States: new, started, closed; closing twice is harmless. It owns its Vert.x instance with one
 * event loop, on which all connections live, one worker thread, on which the given suppliers and
 * controls are called, one for recordings, which also starts and stops them, and one that reads
 * them for downloads. {@code clock} gives stall times and the time of sending. With a certificate
 * all of it is https: and wss:, over HTTP/1.1.
 */
public final class DashboardServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(DashboardServer.class);
  private static final long START_TIMEOUT_S = 10;
  private static final long CLOSE_TIMEOUT_MS = 2_000;
  private static final int SEND_BUFFER_BYTES = 256 * 1024;

  private final DashboardSettings settings;
  private final ConnectionLimits limits;
  private final StreamDirectory streams;
  private final Supplier<StatusSnapshot> status;
  private final Supplier<String> metricsText;
  private final DashboardControls controls;
  private final FrameClock clock;
  private final Gate gate;
  private final @Nullable ServerCertificate certificate;

  private @Nullable Vertx vertx;
  private @Nullable Connections connections;
  private int boundPort = -1;

  /**
   * @param status called at most every quarter of a second, on a worker thread
   * @param metricsText the Prometheus text format, called for each scrape on a worker thread
   * @param gate who is let in
   * @param certificate speaks TLS with it; null speaks none
   */
  public DashboardServer(
      DashboardSettings settings,
      StreamDirectory streams,
      Supplier<StatusSnapshot> status,
      Supplier<String> metricsText,
      DashboardControls controls,
      FrameClock clock,
      Gate gate,
      @Nullable ServerCertificate certificate) {
    this(
        settings,
        ConnectionLimits.USUAL,
        streams,
        status,
        metricsText,
        controls,
        clock,
        gate,
        certificate);
  }

  DashboardServer(
      DashboardSettings settings,
      ConnectionLimits limits,
      StreamDirectory streams,
      Supplier<StatusSnapshot> status,
      Supplier<String> metricsText,
      DashboardControls controls,
      FrameClock clock,
      Gate gate,
      @Nullable ServerCertificate certificate) {
    this.settings = settings;
    this.limits = limits;
    this.streams = streams;
    this.status = status;
    this.metricsText = metricsText;
    this.controls = controls;
    this.clock = clock;
    this.gate = gate;
    this.certificate = certificate;
  }

  /** Binds and serves; returns when connections are accepted. */
  public synchronized void start() throws DashboardException, InterruptedException {
    if (vertx != null) {
      throw new IllegalStateException("the dashboard was started before");
    }
    Vertx created =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(1)
                .setInternalBlockingPoolSize(1)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setClassPathResolvingEnabled(false)
                        .setFileCachingEnabled(false)));
    vertx = created;
    Worker worker = new Worker(created, "dashboard-worker");
    Worker disk = new Worker(created, "dashboard-disk");
    StatusBoard board = new StatusBoard(worker, new ObjectMapper(), status, controls, clock);
    OpenConnections open = new OpenConnections(created, limits);
    Connections made =
        new Connections(created, settings, streams, List.of(worker, disk), board, clock, open);
    connections = made;
    Routes routes =
        new Routes(
            created,
            worker,
            new HostGuard(settings.allowedHosts()),
            new Login(gate),
            board,
            metricsText,
            made);
    HttpServer server = created.createHttpServer(options());
    Router router =
        routes.router(
            new ControlApi(worker, disk, controls, board, made::tell),
            new RecordingsApi(created, disk, controls));
    OnceAMinute strangers = new OnceAMinute(clock, LOG::info);
    server.exceptionHandler(e -> failed(strangers, e));
    server.connectionHandler(open::opened);
    server.requestHandler(
        request -> {
          open.requested(request);
          router.handle(request);
        });
    try {
      boundPort =
          server
              .listen(settings.port(), settings.host())
              .toCompletionStage()
              .toCompletableFuture()
              .get(START_TIMEOUT_S, TimeUnit.SECONDS)
              .actualPort();
    } catch (ExecutionException | TimeoutException e) {
      close();
      Throwable cause = e.getCause() == null ? e : e.getCause();
      throw new DashboardException(
          "the dashboard cannot listen on %s:%d: %s"
              .formatted(settings.host(), settings.port(), cause.getMessage()),
          cause);
    }
    made.startTimers();
    LOG.info(
        "dashboard at {}://{}:{}/, {}",
        certificate == null ? "http" : "https",
        settings.host(),
        boundPort,
        gate.passwords().none()
            ? "open to all who reach it (server.passwords)"
            : "which asks for a password");
  }

  /** The bound TCP port. */
  public synchronized int port() {
    if (boundPort < 0) {
      throw new IllegalStateException("the dashboard is not started");
    }
    return boundPort;
  }

  /** Tells the viewers and stops; takes at most two seconds. */
  @Override
  public synchronized void close() {
    Vertx owned = vertx;
    Connections open = connections;
    if (owned == null || open == null) {
      return;
    }
    connections = null;
    try {
      open.closeAll()
          .transform(done -> owned.close())
          .toCompletionStage()
          .toCompletableFuture()
          .get(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("the dashboard did not close in time: {}", e.toString());
    }
  }

  /** What went wrong before there was a request. Vert.x does not tell whose connection it was. */
  private static void failed(OnceAMinute strangers, Throwable failure) {
    LOG.debug("dashboard connection: {}", failure.toString());
    if (failure instanceof SSLException) {
      String message = String.valueOf(failure.getMessage());
      if (message.startsWith("not an SSL/TLS record")) {
        // The rest of the message is what was sent, a password perhaps.
        strangers.say("dashboard asked without TLS", "the address begins with https://");
      } else {
        strangers.say("dashboard: TLS failed", message);
      }
    }
  }

  private HttpServerOptions options() {
    HttpServerOptions options = plainOptions();
    if (certificate != null) {
      options
          .setSsl(true)
          .setKeyCertOptions(KeyCertOptions.wrap(certificate.keyManager()))
          .setEnabledSecureTransportProtocols(new LinkedHashSet<>(ServerCertificate.PROTOCOLS))
          // HTTP/2 would put video and downloads into one connection, with windows of its own.
          .setUseAlpn(false)
          .setSslHandshakeTimeout(limits.firstRequestMs())
          .setSslHandshakeTimeoutUnit(TimeUnit.MILLISECONDS);
    }
    return options;
  }

  private HttpServerOptions plainOptions() {
    return new HttpServerOptions()
        .setReuseAddress(true)
        .setTcpNoDelay(true)
        .setHttp2ClearTextEnabled(false)
        // Bytes in the kernel are latency of a slow viewer; 256 KiB carry 40 Mbit/s at 50 ms.
        .setSendBufferSize(SEND_BUFFER_BYTES)
        .setIdleTimeout(limits.idleMs())
        .setIdleTimeoutUnit(TimeUnit.MILLISECONDS)
        .setMaxWebSocketFrameSize(64 * 1024)
        .setMaxWebSocketMessageSize(4096)
        .setPerMessageWebSocketCompressionSupported(false)
        .setPerFrameWebSocketCompressionSupported(false)
        .setWebSocketClosingTimeout(1);
  }
}
