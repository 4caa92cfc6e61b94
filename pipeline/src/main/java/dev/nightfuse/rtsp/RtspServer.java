package dev.nightfuse.rtsp;

import dev.nightfuse.access.Gate;
import dev.nightfuse.access.ServerCertificate;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.StreamDirectory;
import dev.nightfuse.telemetry.StageMetrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.OptionalSslHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves every stream of a directory at {@code rtsp://host:port/<rig>/<view>}, with a certificate
 * at {@code rtsps:}.
 *
 * <p>Thread: one event loop thread does everything; the methods here are safe for every thread.
 * {@link #start} is called once; {@link #close} ends all sessions, is idempotent and takes five
 * seconds at most. Clock: deadlines and RTP time follow the given clock's monotonic time, RTCP
 * reports also tell its wall time.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // Netty: a failed write closes the channel, which is seen
public final class RtspServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RtspServer.class);

  private static final int TICK_MS = 250;
  private static final int CLOSE_MS = 1_500;
  private static final int FAREWELL_MS = 500;

  /**
   * What the kernel may hold for a reader; small, because all of it is delay when a reader lags.
   */
  private static final int SEND_BUFFER_BYTES = 256 << 10;

  /** Connections beyond the limit that are still told so before they are closed unheard. */
  private static final int REFUSALS_AT_A_TIME = 16;

  private final RtspContext context;
  private final RtspSettings settings;
  private final FrameClock clock;
  private final @Nullable ServerCertificate certificate;
  private @Nullable EventLoopGroup group;
  private @Nullable Channel listener;

  /**
   * @param sendMetrics counters of the stage {@code send} by name of the rig: time from capture to
   *     the write to the network, and units lost by slow readers
   * @param gate who is let in
   * @param certificate speaks TLS with it, and refuses clients without TLS; null speaks none
   */
  public RtspServer(
      RtspSettings settings,
      StreamDirectory streams,
      FrameClock clock,
      Function<String, StageMetrics> sendMetrics,
      Gate gate,
      @Nullable ServerCertificate certificate) {
    this(settings, streams, clock, sendMetrics, randomOrigins(), gate, certificate);
  }

  RtspServer(
      RtspSettings settings,
      StreamDirectory streams,
      FrameClock clock,
      Function<String, StageMetrics> sendMetrics,
      Supplier<RtpOrigin> origins,
      Gate gate,
      @Nullable ServerCertificate certificate) {
    this.settings = settings;
    this.clock = clock;
    this.certificate = certificate;
    this.context =
        new RtspContext(settings, streams, clock, sendMetrics, origins, gate, certificate != null);
  }

  private static @Nullable SslContext tls(@Nullable ServerCertificate certificate)
      throws IOException {
    return certificate == null
        ? null
        : SslContextBuilder.forServer(certificate.keyManager())
            .sslProvider(SslProvider.JDK)
            .protocols(ServerCertificate.PROTOCOLS)
            .build();
  }

  /** Looks at a client's first bytes: one that speaks no TLS is to hear so in its own language. */
  private static final class TlsDoor extends OptionalSslHandler {

    TlsDoor(SslContext tls) {
      super(tls);
    }

    @Override
    protected SslHandler newSslHandler(ChannelHandlerContext ctx, SslContext tls) {
      SslHandler handler = super.newSslHandler(ctx, tls);
      // The farewell of TLS; a reader that takes nothing any more is not waited for.
      handler.setCloseNotifyFlushTimeoutMillis(FAREWELL_MS);
      return handler;
    }
  }

  private static Supplier<RtpOrigin> randomOrigins() {
    SecureRandom random = new SecureRandom();
    return () -> RtpOrigin.random(random);
  }

  /**
   * Binds and serves.
   *
   * @throws IOException where the address cannot be bound; the server is closed then
   */
  public synchronized void start() throws IOException {
    if (group != null) {
      throw new IllegalStateException("RTSP server was already started");
    }
    SslContext tls = tls(certificate);
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("rtsp"), NioIoHandler.newFactory());
    group = loop;
    ChannelFuture bound =
        new ServerBootstrap()
            .group(loop)
            .channel(NioServerSocketChannel.class)
            .option(ChannelOption.SO_REUSEADDR, true)
            .option(ChannelOption.SO_BACKLOG, 512)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.SO_SNDBUF, SEND_BUFFER_BYTES)
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(SEND_BUFFER_BYTES / 4, SEND_BUFFER_BYTES))
            .childHandler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    accept(channel, tls);
                  }
                })
            .bind(new InetSocketAddress(settings.bindAddress(), settings.port()))
            .awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close();
      throw new IOException(
          "RTSP server cannot listen on "
              + settings.bindAddress()
              + ':'
              + settings.port()
              + ": "
              + bound.cause().getMessage(),
          bound.cause());
    }
    listener = bound.channel();
    loop.scheduleAtFixedRate(this::tick, TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    LOG.info(
        "RTSP server listens on {}:{}, {}",
        settings.bindAddress(),
        port(),
        tls == null ? "rtsp://" : "rtsps:// (TLS)");
  }

  /** The TCP port it listens on. */
  public synchronized int port() {
    Channel channel = Objects.requireNonNull(listener, "RTSP server is not started");
    return ((InetSocketAddress) channel.localAddress()).getPort();
  }

  /** Asks the event loop, and waits for it; to be called between start and close. */
  synchronized RtspStats stats() {
    return Objects.requireNonNull(group, "RTSP server is not started")
        .submit(
            () ->
                context.counters.snapshot(
                    context.connections.size(),
                    context.connections.stream()
                        .map(RtspConnection::session)
                        .filter(Objects::nonNull)
                        .map(RtspSession::stats)
                        .toList()))
        .syncUninterruptibly()
        .getNow();
  }

  private void accept(SocketChannel channel, @Nullable SslContext tls) {
    if (channel.remoteAddress() == null) {
      channel.close(); // Gone between accept and now.
      return;
    }
    RtspLimits limits = settings.limits();
    boolean refused =
        context.connections.size() >= limits.maxConnections()
            || context.connectionsFrom(channel.remoteAddress().getAddress())
                >= limits.maxConnectionsPerAddress();
    context.counters.connectionsAccepted++;
    if (refused) {
      context.counters.connectionsRefused++;
    }
    if (context.connections.size() >= limits.maxConnections() + REFUSALS_AT_A_TIME) {
      channel.close();
      return;
    }
    RtspDecoder decoder = new RtspDecoder(limits);
    RtspConnection connection = new RtspConnection(context, channel, decoder, refused);
    context.connections.add(connection);
    if (tls != null) {
      channel.pipeline().addLast(new TlsDoor(tls));
    }
    channel.pipeline().addLast(decoder, connection);
  }

  private void tick() {
    try {
      long nowNs = clock.nowNs();
      for (RtspConnection connection : List.copyOf(context.connections)) {
        connection.tick(nowNs);
      }
      context.counters.ticks++;
    } catch (RuntimeException e) {
      LOG.error("RTSP housekeeping failed; it goes on", e);
    }
  }

  @Override
  public synchronized void close() {
    EventLoopGroup loop = group;
    if (loop == null || loop.isShuttingDown()) {
      return;
    }
    Channel channel = listener;
    if (channel != null) {
      channel.close().awaitUninterruptibly(CLOSE_MS);
    }
    Future<List<ChannelFuture>> ending =
        loop.submit(
            () ->
                List.copyOf(context.connections).stream()
                    .map(c -> c.close("server stops"))
                    .toList());
    if (ending.awaitUninterruptibly(CLOSE_MS)) {
      // With the loop gone, what waits behind TLS's farewell would never be given back.
      ending.getNow().forEach(end -> end.awaitUninterruptibly(CLOSE_MS));
    }
    loop.shutdownGracefully(0, CLOSE_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly(CLOSE_MS);
  }
}
