package dev.nightfuse.rtsp;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.ReferenceCountUtil;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One TCP connection of a client: keeps answers in the order of requests, holds the one session
 * that was set up on it, and judges the client's patience and ours. Event loop thread only.
 */
@SuppressWarnings(
    "FutureReturnValueIgnored") // Netty: a failed write closes the channel, which is seen
final class RtspConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(RtspConnection.class);

  /** After the last answer we listen on until the client hangs up: a reset could overtake it. */
  private static final long LINGER_NS = 2_000_000_000L;

  /** Requests that may wait while DESCRIBE waits for the encoder. */
  private static final int MAX_WAITING = 16;

  private final RtspContext context;
  private final Channel channel;
  private final RtspDecoder decoder;
  private final RequestHandler handler;
  private final boolean refused;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final Deque<RtspInbound.Request> waiting = new ArrayDeque<>();
  private @Nullable RtspSession session;
  private boolean answering;
  private boolean closing;
  private boolean spoke;
  private boolean admitted;
  private long lastRequestNs;
  private long messageSinceNs = -1;

  /**
   * @param refused whether a limit is exceeded, so that the first request is answered with 503
   */
  RtspConnection(RtspContext context, Channel channel, RtspDecoder decoder, boolean refused) {
    this.context = context;
    this.channel = channel;
    this.decoder = decoder;
    this.refused = refused;
    this.local = (InetSocketAddress) channel.localAddress();
    this.remote = (InetSocketAddress) channel.remoteAddress();
    this.handler = new RequestHandler(context, this);
    this.lastRequestNs = context.clock.nowNs();
  }

  String name() {
    return SdpWriter.numeric(remote.getAddress()) + ':' + remote.getPort();
  }

  InetSocketAddress local() {
    return local;
  }

  InetSocketAddress remote() {
    return remote;
  }

  Channel channel() {
    return channel;
  }

  EventLoop loop() {
    return channel.eventLoop();
  }

  @Nullable RtspSession session() {
    return session;
  }

  void session(RtspSession created) {
    session = created;
  }

  /** Whether user and password were right on this connection: they are asked for once. */
  boolean admitted() {
    return admitted;
  }

  void admit() {
    admitted = true;
  }

  /** Whether the client speaks TLS. */
  boolean encrypted() {
    return tls() != null;
  }

  private @Nullable SslHandler tls() {
    return channel.pipeline().get(SslHandler.class);
  }

  void onRtcp(ByteBuf packet) {
    RtspSession current = session;
    if (current != null) {
      current.onRtcp(packet);
    }
  }

  /** Its session may send again. */
  void onWritable() {
    RtspSession current = session;
    if (current != null) {
      current.wakeUp();
    }
  }

  void onUnreachable() {
    RtspSession current = session;
    if (current != null) {
      current.onUnreachable();
    }
  }

  void endSession(String why) {
    RtspSession ending = session;
    if (ending != null) {
      RtspStats.Reader seen = ending.stats();
      LOG.info(
          "RTSP {}: session on {} ends: {}; {} pictures over {}, {} missed, {} packets lost",
          name(),
          ending.url().base(),
          why,
          seen.units(),
          seen.transport(),
          seen.dropped(),
          seen.packetsLost());
      session = null;
      ending.close();
    }
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    messageSinceNs = -1;
    if (message instanceof RtspInbound.Interleaved frame) {
      try {
        onFrame(frame);
      } finally {
        frame.payload().release();
      }
    } else if (message instanceof RtspInbound.Request request) {
      onRequest(request);
    } else if (message instanceof RtspInbound.Malformed malformed) {
      context.counters.requests++;
      LOG.debug("RTSP {}: unreadable request: {}", name(), malformed.reason());
      if (malformed.reason().equals(RtspDecoder.TLS_HELLO)) {
        context.strangers.say(
            "TLS on the RTSP port refused, server.tls is not set, the address begins with rtsp://",
            name());
      }
      answer(malformed.cseq(), new RtspResponse(malformed.status()));
      closeAfterAnswer();
    } else {
      ReferenceCountUtil.release(message);
    }
  }

  private void onFrame(RtspInbound.Interleaved frame) {
    RtspSession current = session;
    if (current != null
        && current.transport() instanceof InterleavedTransport transport
        && transport.rtcpChannel() == frame.channel()) {
      current.onRtcp(frame.payload());
    } else {
      context.counters.rtcpIgnored++;
    }
  }

  private void onRequest(RtspInbound.Request request) {
    spoke = true;
    lastRequestNs = context.clock.nowNs();
    if (closing) {
      return;
    }
    if (!answering) {
      process(request);
    } else if (waiting.size() < MAX_WAITING) {
      waiting.add(request);
    } else {
      close("more than " + MAX_WAITING + " requests without waiting for answers");
    }
  }

  private void process(RtspInbound.Request request) {
    context.counters.requests++;
    String cseq = request.headers().get("CSeq");
    CompletableFuture<RtspResponse> future;
    try {
      if (refused) {
        answer(cseq, new RtspResponse(RtspStatus.SERVICE_UNAVAILABLE).header("Retry-After", "10"));
        closeAfterAnswer();
        return;
      }
      future = handler.handle(request);
    } catch (RtspException e) {
      LOG.debug("RTSP {}: {} refused: {}", name(), request.method(), e.getMessage());
      answer(cseq, new RtspResponse(e.status()));
      if (e.status() == RtspStatus.UPGRADE_REQUIRED) {
        context.strangers.say("RTSP without TLS refused, the address begins with rtsps://", name());
        closeAfterAnswer();
      }
      return;
    } catch (RuntimeException e) {
      LOG.error("RTSP {}: {} failed", name(), request.method(), e);
      answer(cseq, new RtspResponse(RtspStatus.INTERNAL_SERVER_ERROR));
      return;
    }
    if (future.isDone()) {
      answer(cseq, future.join());
    } else {
      answerLater(cseq, future);
    }
  }

  private void answerLater(@Nullable String cseq, CompletableFuture<RtspResponse> future) {
    answering = true;
    ScheduledFuture<?> deadline =
        loop()
            .schedule(
                () ->
                    future.complete(
                        new RtspResponse(RtspStatus.SERVICE_UNAVAILABLE)
                            .header("Retry-After", "2")),
                context.settings.timeouts().describeMs(),
                TimeUnit.MILLISECONDS);
    future.whenCompleteAsync(
        (response, failure) -> {
          deadline.cancel(false);
          answering = false;
          answer(
              cseq,
              response != null ? response : new RtspResponse(RtspStatus.INTERNAL_SERVER_ERROR));
          lastRequestNs = context.clock.nowNs();
          while (!answering && !closing && !waiting.isEmpty()) {
            process(waiting.remove());
          }
        },
        loop());
  }

  private void answer(@Nullable String cseq, RtspResponse response) {
    if (response.status() != RtspStatus.OK) {
      context.counters.requestsRefused++;
    }
    if (cseq != null && cseq.matches("[0-9]{1,10}")) {
      response.header("CSeq", cseq);
    }
    channel.writeAndFlush(response.header("Server", "Nightfuse").encode(channel.alloc()));
  }

  private void closeAfterAnswer() {
    closing = true;
    endSession("connection is being closed");
    lastRequestNs = context.clock.nowNs();
    SslHandler tls = tls();
    ChannelFuture last =
        tls == null ? channel.writeAndFlush(channel.alloc().buffer(0)) : tls.closeOutbound();
    last.addListener(
        done -> {
          if (channel instanceof SocketChannel socket) {
            socket.shutdownOutput();
          }
        });
  }

  /** Ends the session and the connection. */
  ChannelFuture close(String why) {
    closing = true;
    LOG.debug("RTSP {}: closed: {}", name(), why);
    endSession(why);
    return channel.close();
  }

  /** Does what is due. */
  void tick(long nowNs) {
    RtspTimeouts timeouts = context.settings.timeouts();
    if (closing) {
      if (nowNs - lastRequestNs > LINGER_NS) {
        close("client stays after the last answer");
      }
      return;
    }
    if (messageSinceNs >= 0 && nowNs - messageSinceNs > timeouts.requestMs() * 1_000_000L) {
      LOG.debug("RTSP {}: request incomplete after {} ms", name(), timeouts.requestMs());
      answer(null, new RtspResponse(RtspStatus.REQUEST_TIME_OUT));
      closeAfterAnswer();
      return;
    }
    RtspSession current = session;
    if (current != null) {
      String why = current.tick(nowNs);
      if (why != null) {
        close(why);
      }
      return;
    }
    long allowedMs = spoke ? timeouts.sessionMs() : timeouts.firstRequestMs();
    if (!answering && nowNs - lastRequestNs > allowedMs * 1_000_000L) {
      close("no request for " + allowedMs + " ms");
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    if (!decoder.midMessage()) {
      messageSinceNs = -1;
    } else if (messageSinceNs < 0) {
      messageSinceNs = context.clock.nowNs();
    }
    ctx.fireChannelReadComplete();
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    // Who does not take answers is not read from; what waits stays bounded.
    channel.config().setAutoRead(channel.isWritable());
    RtspSession current = session;
    if (current != null && channel.isWritable()) {
      current.pump();
    }
    ctx.fireChannelWritabilityChanged();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    closing = true;
    waiting.clear();
    endSession("connection closed");
    context.connections.remove(this);
    ctx.fireChannelInactive();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause.getCause() instanceof SSLException e) {
      context.strangers.say("RTSP: TLS failed", name() + ": " + e.getMessage());
    }
    close(String.valueOf(cause.getMessage()));
  }
}
