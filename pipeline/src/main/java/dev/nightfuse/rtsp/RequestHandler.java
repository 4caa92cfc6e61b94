package dev.nightfuse.rtsp;

import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.stream.View;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers the requests of one connection, one after the other. Event loop thread only. Throws
 * {@link RtspException} where only the status matters.
 */
final class RequestHandler {
  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);

  private final RtspContext context;
  private final RtspConnection connection;

  RequestHandler(RtspContext context, RtspConnection connection) {
    this.context = context;
    this.connection = connection;
  }

  CompletableFuture<RtspResponse> handle(RtspInbound.Request request) {
    if (context.tls && !connection.encrypted()) {
      throw new RtspException(RtspStatus.UPGRADE_REQUIRED, "no TLS");
    }
    if (!request.version().equals("RTSP/1.0")) {
      throw new RtspException(RtspStatus.VERSION_NOT_SUPPORTED, request.version());
    }
    String cseq = request.headers().get("CSeq");
    if (cseq == null || !cseq.matches("[0-9]{1,10}")) {
      throw new RtspException(RtspStatus.BAD_REQUEST, "CSeq missing or not a number");
    }
    List<String> required = new ArrayList<>(request.headers().all("Require"));
    required.addAll(request.headers().all("Proxy-Require"));
    if (!required.isEmpty()) {
      // There is no option we have (RFC 2326 section 12.32).
      return done(
          new RtspResponse(RtspStatus.OPTION_NOT_SUPPORTED)
              .header("Unsupported", String.join(", ", required)));
    }
    RtspMethod method =
        RtspMethod.byName(request.method())
            .orElseThrow(() -> new RtspException(RtspStatus.NOT_IMPLEMENTED, request.method()));
    if (!method.offered()) {
      return done(
          new RtspResponse(RtspStatus.METHOD_NOT_ALLOWED).header("Allow", RtspMethod.OFFERED));
    }
    RtspUrl url = RtspUrl.parseOrStar(request.uri());
    if (url != null && context.tls) {
      url = url.overTls(); // GStreamer writes rtsp:// whatever is below.
    }
    if (url == null && method != RtspMethod.OPTIONS) {
      throw new RtspException(RtspStatus.BAD_REQUEST, "* is for OPTIONS only");
    }
    // OPTIONS tells nothing that a stranger must not know, and some clients send it alone first.
    if (method != RtspMethod.OPTIONS) {
      RtspResponse refusal = admit(request);
      if (refusal != null) {
        return done(refusal);
      }
    }
    RtspSession session = namedSession(request);
    return switch (method) {
      case DESCRIBE -> describe(request, required(url));
      case SETUP -> done(setup(request, required(url), session));
      case PLAY -> done(play(required(url), session));
      case PAUSE -> done(pause(required(url), session));
      case TEARDOWN -> done(tearDown(required(url), session));
      case GET_PARAMETER, SET_PARAMETER -> done(parameters(request, session));
      default -> done(inSession(session).header("Public", RtspMethod.OFFERED)); // OPTIONS
    };
  }

  /** Asks for user and password where they are wanted; null when the request may pass. */
  private @Nullable RtspResponse admit(RtspInbound.Request request) {
    if (connection.admitted() || context.gate.passwords().none()) {
      return null;
    }
    InetAddress address = connection.remote().getAddress();
    if (context.gate.refuses(address)) {
      return new RtspResponse(RtspStatus.FORBIDDEN);
    }
    DigestLogin.Answer answer = context.login.check(request);
    switch (answer) {
      case RIGHT -> {
        connection.admit();
        return null;
      }
      case WRONG -> {
        LOG.warn("RTSP {}: wrong user or password", connection.name());
        context.gate.wrongPassword(address, String.valueOf(request.headers().get("Authorization")));
      }
      case MISSING, STALE -> {}
    }
    return context.login.challenge(answer == DigestLogin.Answer.STALE);
  }

  private CompletableFuture<RtspResponse> describe(RtspInbound.Request request, RtspUrl url) {
    List<String> accepted = request.headers().all("Accept");
    // No Accept header means that the client takes anything, as in HTTP.
    if (!accepted.isEmpty() && accepted.stream().noneMatch(RequestHandler::acceptsSdp)) {
      throw new RtspException(RtspStatus.NOT_ACCEPTABLE, String.join(", ", accepted));
    }
    VideoStream stream = stream(url);
    long sdpId = context.clock.wallNowNs() / 1_000_000_000L;
    return stream
        .info()
        .handle(
            (info, failure) -> {
              if (info == null || !usable(info)) {
                LOG.info("RTSP {}: no picture of {} yet", connection.name(), url.base());
                return new RtspResponse(RtspStatus.SERVICE_UNAVAILABLE).header("Retry-After", "2");
              }
              return new RtspResponse(RtspStatus.OK)
                  .header("Content-Base", url.base() + '/')
                  .body(
                      "application/sdp",
                      SdpWriter.write(stream, info, connection.local().getAddress(), sdpId));
            });
  }

  private static boolean acceptsSdp(String accept) {
    for (String range : accept.split(",", -1)) {
      String type = range.split(";", 2)[0].strip().toLowerCase(Locale.ROOT);
      if (type.equals("application/sdp") || type.equals("application/*") || type.equals("*/*")) {
        return true;
      }
    }
    return false;
  }

  private static boolean usable(StreamInfo info) {
    return info.sps().length >= 4 && info.pps().length > 0;
  }

  private RtspResponse setup(
      RtspInbound.Request request, RtspUrl url, @Nullable RtspSession named) {
    VideoStream stream = stream(url);
    RtspSession current = connection.session();
    if (current != null) {
      if (named != null && !current.url().sameStream(url)) {
        // RFC 2326 section 10.4: a server that does not bundle answers 459.
        throw new RtspException(
            RtspStatus.AGGREGATE_OPERATION_NOT_ALLOWED, "session is for " + current.url().base());
      }
      current.checkState(RtspMethod.SETUP);
    }
    List<TransportHeader> offers =
        TransportHeader.parseAll(request.headers().all("Transport")).stream()
            .filter(this::offered)
            .toList();
    if (offers.isEmpty()) {
      throw new RtspException(
          RtspStatus.UNSUPPORTED_TRANSPORT, String.join(", ", request.headers().all("Transport")));
    }
    if (context.readersOf(stream) >= context.settings.limits().maxReadersPerStream()) {
      throw new RtspException(
          RtspStatus.NOT_ENOUGH_BANDWIDTH,
          "stream has " + context.settings.limits().maxReadersPerStream() + " readers");
    }
    RtpOrigin origin = context.origins.get();
    MediaTransport transport = open(offers.get(0));
    RtspSession session =
        new RtspSession(
            connection.name(), url, stream, origin, transport, context, connection.loop());
    session.checkState(RtspMethod.SETUP);
    connection.session(session);
    return inSession(session).header("Transport", transport.header(origin.ssrc()));
  }

  private boolean offered(TransportHeader asked) {
    return switch (asked.kind()) {
      case INTERLEAVED -> true;
      case UDP ->
          !context.tls // RTP over UDP would be readable.
              && context.settings.udp()
              && !context.sendsTo(
                  new InetSocketAddress(connection.remote().getAddress(), asked.first()));
      case OTHER -> false;
    };
  }

  private MediaTransport open(TransportHeader asked) {
    if (asked.kind() == TransportHeader.Kind.INTERLEAVED) {
      return new InterleavedTransport(connection.channel(), asked, context.clock);
    }
    try {
      return new UdpTransport(
          connection.loop(),
          context.udpPorts,
          connection.local().getAddress(),
          connection.remote().getAddress(),
          asked,
          context.clock,
          connection::onRtcp,
          connection::onWritable,
          connection::onUnreachable);
    } catch (IOException e) {
      LOG.warn("RTSP {}: no UDP sockets: {}", connection.name(), e.getMessage());
      throw new RtspException(RtspStatus.UNSUPPORTED_TRANSPORT, "UDP: " + e.getMessage());
    }
  }

  private RtspResponse play(RtspUrl url, @Nullable RtspSession named) {
    RtspSession session = own(url, named);
    String rtpInfo = session.play();
    LOG.info("RTSP {}: plays {}", connection.name(), session.url().base());
    return inSession(session).header("Range", "npt=now-").header("RTP-Info", rtpInfo);
  }

  private RtspResponse pause(RtspUrl url, @Nullable RtspSession named) {
    RtspSession session = own(url, named);
    session.pause();
    return inSession(session);
  }

  private RtspResponse tearDown(RtspUrl url, @Nullable RtspSession named) {
    RtspSession session = own(url, named);
    session.checkState(RtspMethod.TEARDOWN);
    connection.endSession("torn down by the client");
    return new RtspResponse(RtspStatus.OK);
  }

  /** Without a body a sign of life (RFC 2326 section 10.8); we have no parameters by name. */
  private RtspResponse parameters(RtspInbound.Request request, @Nullable RtspSession session) {
    if (!request.body().isBlank()) {
      throw new RtspException(RtspStatus.PARAMETER_NOT_UNDERSTOOD, "no parameters are offered");
    }
    return inSession(session);
  }

  /**
   * The session that the request names, if it names one. Any request shows that the client is
   * there.
   */
  private @Nullable RtspSession namedSession(RtspInbound.Request request) {
    RtspSession current = connection.session();
    String header = request.headers().get("Session");
    if (header != null
        && (current == null || !header.split(";", 2)[0].strip().equals(current.id()))) {
      // Also for sessions of other connections: they are bound to the one that made them.
      throw new RtspException(RtspStatus.SESSION_NOT_FOUND, "session unknown on this connection");
    }
    if (current != null) {
      current.touch();
    }
    return header == null ? null : current;
  }

  private static RtspSession own(RtspUrl url, @Nullable RtspSession named) {
    if (named == null || !named.url().sameStream(url)) {
      throw new RtspException(RtspStatus.SESSION_NOT_FOUND, "no session for " + url.base());
    }
    return named;
  }

  private VideoStream stream(RtspUrl url) {
    if (url.segments().size() == 2 && url.track() <= SdpWriter.TRACK) {
      Optional<View> view = View.byLabel(url.segments().get(1));
      Optional<VideoStream> stream =
          view.flatMap(v -> context.streams.find(url.segments().get(0), v));
      if (stream.isPresent()) {
        return stream.get();
      }
    }
    throw new RtspException(RtspStatus.NOT_FOUND, "no stream " + url.base());
  }

  private RtspResponse inSession(@Nullable RtspSession session) {
    RtspResponse response = new RtspResponse(RtspStatus.OK);
    if (session != null) {
      int timeoutS = context.settings.timeouts().sessionMs() / 1_000;
      response.header("Session", session.id() + ";timeout=" + timeoutS);
    }
    return response;
  }

  private static RtspUrl required(@Nullable RtspUrl url) {
    if (url == null) {
      throw new RtspException(RtspStatus.BAD_REQUEST, "URL missing");
    }
    return url;
  }

  private static CompletableFuture<RtspResponse> done(RtspResponse response) {
    return CompletableFuture.completedFuture(response);
  }
}
