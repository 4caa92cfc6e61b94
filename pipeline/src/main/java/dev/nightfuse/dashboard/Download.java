package dev.nightfuse.dashboard;

import io.vertx.core.Vertx;
import io.vertx.core.file.AsyncFile;
import io.vertx.core.file.OpenOptions;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a video file, or the part of it that is asked for. It is read piece by piece on a worker
 * thread as fast as the connection takes it, and not with {@code sendFile}: that would read the
 * disk on the event loop, which live video waits for. Event loop only.
 */
final class Download {

  private static final Logger LOG = LoggerFactory.getLogger(Download.class);

  /** Few enough that a slow connection moves within the idle timeout: 2 KB/s do. */
  private static final int PIECE_BYTES = 64 * 1024;

  private final Vertx vertx;

  /**
   * A file as it was when it was asked for; one that is being written grows on.
   *
   * @param name what a browser saves it as
   */
  record Source(Path path, String name, long bytes, String etag) {

    /** Looks at the file; waits for the disk. */
    static Source of(Path path, String name) throws IOException {
      long bytes = Files.size(path);
      long changedMs = Files.getLastModifiedTime(path).toMillis();
      return new Source(path, name, bytes, "\"%x-%x\"".formatted(bytes, changedMs));
    }
  }

  Download(Vertx vertx) {
    this.vertx = vertx;
  }

  void send(RoutingContext ctx, Source source) {
    if (source.etag().equals(ctx.request().getHeader(HttpHeaders.IF_NONE_MATCH))) {
      described(ctx, source).setStatusCode(304).end();
      return;
    }
    // A download that goes on must go on with the same file.
    String expected = ctx.request().getHeader("If-Range");
    ByteRange part =
        expected == null || expected.equals(source.etag())
            ? ByteRange.of(ctx.request().getHeader("Range"), source.bytes())
            : null;
    if (part != null && part.bytes() == 0) {
      ctx.response().putHeader(HttpHeaders.CONTENT_RANGE, part.of(source.bytes()));
      Replies.error(ctx, 416, "Range", "the file has " + source.bytes() + " bytes");
      return;
    }
    // What the headers promise must be there: they come after the file is open.
    vertx
        .fileSystem()
        .open(source.path().toString(), new OpenOptions().setWrite(false).setCreate(false))
        .onSuccess(file -> send(ctx, source, part, file))
        .onFailure(e -> ctx.fail(refusal(source, e)));
  }

  private static HttpServerResponse described(RoutingContext ctx, Source source) {
    // Asked again every time: a recording can be deleted.
    return ctx.response()
        .putHeader(HttpHeaders.ACCEPT_RANGES, "bytes")
        .putHeader(HttpHeaders.CACHE_CONTROL, "private, no-cache")
        .putHeader(HttpHeaders.ETAG, source.etag());
  }

  private static ApiException refusal(Source source, Throwable e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    if (cause instanceof NoSuchFileException) {
      return new ApiException(404, "name", source.name() + " is no longer there");
    }
    LOG.info("no download: {}", cause.toString());
    // Its message begins with the path, which is for the log.
    String reason =
        cause instanceof AccessDeniedException
            ? "may not be read"
            : cause instanceof FileSystemException trouble
                ? trouble.getReason()
                : cause.getMessage();
    return new ApiException(409, null, source.name() + ": " + reason);
  }

  private static void send(
      RoutingContext ctx, Source source, @Nullable ByteRange part, AsyncFile file) {
    HttpServerResponse response = described(ctx, source);
    if (part != null) {
      response.setStatusCode(206).putHeader(HttpHeaders.CONTENT_RANGE, part.of(source.bytes()));
    }
    ByteRange wanted = part == null ? new ByteRange(0, source.bytes()) : part;
    response
        .putHeader(HttpHeaders.CONTENT_TYPE, "video/mp4")
        .putHeader(HttpHeaders.CONTENT_LENGTH, Long.toString(wanted.bytes()))
        .putHeader("Content-Disposition", "attachment; filename=\"" + source.name() + "\"");
    if (ctx.request().method().equals(HttpMethod.HEAD)) {
      file.close();
      response.end();
      return;
    }
    file.setReadPos(wanted.from()).setReadLength(wanted.bytes()).setReadBufferSize(PIECE_BYTES);
    file.pipe()
        .endOnFailure(false)
        .to(response)
        .onComplete(
            sent -> {
              file.close();
              if (sent.failed() || response.bytesWritten() < wanted.bytes()) {
                // Its length was promised; the rest of the connection would be taken for the file.
                LOG.debug("download of {} ended early", ctx.request().path(), sent.cause());
                ctx.request().connection().close();
              }
            });
  }
}
