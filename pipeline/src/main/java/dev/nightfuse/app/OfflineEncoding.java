package dev.nightfuse.app;

import dev.nightfuse.encode.EncoderException;
import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.overlay.ViewRenderer;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Draws a view, encodes it, and waits where a live pipeline would drop. Runs on the rig loop's
 * thread.
 */
final class OfflineEncoding implements RigLoop.Consumer, AutoCloseable {

  private static final long BUSY_WAIT_MS = 1;
  private static final long DRAIN_LIMIT_MS = 30_000;

  private final ViewRenderer renderer;
  private final VideoEncoder.Factory factory;
  private final VideoEncoder.Listener listener;
  private final FrameClock clock;
  private final AtomicLong encoded = new AtomicLong();
  private @Nullable VideoEncoder encoder;
  private long pushed;

  OfflineEncoding(
      ViewRenderer renderer,
      VideoEncoder.Factory factory,
      VideoEncoder.Listener listener,
      FrameClock clock) {
    this.renderer = renderer;
    this.factory = factory;
    this.clock = clock;
    this.listener =
        new VideoEncoder.Listener() {
          @Override
          public void described(StreamInfo info) {
            listener.described(info);
          }

          @Override
          public void encoded(AccessUnit unit) {
            listener.encoded(unit);
            encoded.incrementAndGet();
          }
        };
  }

  @Override
  public void fused(FusedFrame fused) throws EncoderException, InterruptedException {
    Frame picture = renderer.render(fused);
    while (picture == null) {
      Thread.sleep(BUSY_WAIT_MS);
      picture = renderer.render(fused);
    }
    try {
      VideoEncoder current = encoder;
      if (current == null) {
        current = factory.open(picture.format(), listener);
        encoder = current;
      }
      while (!current.push(picture, fused.captureNs(), fused.captureWallNs())) {
        checkAlive(current);
        Thread.sleep(BUSY_WAIT_MS);
      }
      pushed++;
    } finally {
      picture.release();
    }
  }

  /** Waits until everything that was pushed has come out; after the loop's end. */
  void drain() throws InterruptedException {
    VideoEncoder current = encoder;
    long deadlineNs = clock.nowNs() + DRAIN_LIMIT_MS * 1_000_000;
    while (current != null && encoded.get() < pushed) {
      checkAlive(current);
      if (clock.nowNs() > deadlineNs) {
        throw new IllegalStateException(
            "the encoder kept %d of %d frames".formatted(pushed - encoded.get(), pushed));
      }
      Thread.sleep(BUSY_WAIT_MS);
    }
  }

  private static void checkAlive(VideoEncoder current) {
    String reason = current.failure();
    if (reason != null) {
      throw new IllegalStateException("encoder failed: " + reason);
    }
  }

  @Override
  public void close() {
    if (encoder != null) {
      encoder.close();
    }
  }
}
