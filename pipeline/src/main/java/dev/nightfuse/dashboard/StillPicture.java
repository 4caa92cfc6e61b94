package dev.nightfuse.dashboard;

import dev.nightfuse.gst.GstException;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.VideoStream;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import org.jspecify.annotations.Nullable;

/**
 * One picture of a view as a file: a viewer that leaves with its first key frame, which the encoder
 * is asked for at once. Runs on the event loop, but for the wake-up and the making of the file.
 */
final class StillPicture {

  private static final long TIMEOUT_MS = 5_000;

  private final Promise<AccessUnit> keyFrame = Promise.promise();
  private final Future<File> file;
  private @Nullable Subscription subscription;

  /**
   * @param jpeg the file
   * @param captureWallNs when what it shows was captured, in nanoseconds since 1970-01-01 UTC
   */
  record File(byte[] jpeg, long captureWallNs) {}

  /**
   * Begins to take it.
   *
   * @param encoder used on {@code worker} alone
   */
  StillPicture(Context loop, VideoStream stream, int queueUnits, Worker worker, JpegStill encoder) {
    subscription = stream.subscribe("still", queueUnits, () -> loop.runOnContext(v -> poll()));
    long timer = loop.owner().setTimer(TIMEOUT_MS, id -> close());
    file =
        keyFrame
            .future()
            .onComplete(done -> loop.owner().cancelTimer(timer))
            .compose(unit -> worker.call(() -> file(unit, encoder)));
  }

  /** The file; fails with 503 when the view has no picture within five seconds. */
  Future<File> file() {
    return file;
  }

  private static File file(AccessUnit unit, JpegStill encoder) {
    try {
      return new File(encoder.of(unit), unit.captureWallNs() - unit.contentAgeNs());
    } catch (GstException e) {
      throw new ApiException(503, null, "no JPEG can be made: " + e.getMessage());
    }
  }

  private void poll() {
    Subscription from = subscription;
    if (from == null) {
      return;
    }
    AccessUnit unit = from.poll();
    if (unit != null) {
      keyFrame.complete(unit);
    }
    if (unit != null || from.ended()) {
      close();
    }
  }

  /** Leaves; who still waits is told that there is no picture. No effect when it has left. */
  void close() {
    Subscription held = subscription;
    if (held != null) {
      subscription = null;
      held.close();
      keyFrame.tryFail(new ApiException(503, "view", "no picture from this view now"));
    }
  }
}
