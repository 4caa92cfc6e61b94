package dev.nightfuse.app;

import dev.nightfuse.encode.EncoderException;
import dev.nightfuse.encode.VideoEncoder;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.overlay.ViewRenderer;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Draws a view, encodes it, and waits where a live pipeline would drop. Runs on the rig loop's
 * thread.
 */
final class OfflineEncoding implements RigLoop.Consumer, AutoCloseable {

  private static final long BUSY_WAIT_MS = 1;
  private static final long DRAIN_LIMIT_MS = 30_000;
  private static final double MOST_FPS = 240;

  private record Drawn(Frame picture, long captureNs, long captureWallNs) {}

  private final ViewRenderer renderer;
  private final VideoEncoder.Factory factory;
  private final VideoEncoder.Listener listener;
  private final FrameClock clock;
  private final AtomicLong encoded = new AtomicLong();
  private @Nullable VideoEncoder encoder;

  /** Waits for the second: their times tell the rate that the bits are spread over. */
  private @Nullable Drawn first;

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
    Drawn drawn = new Drawn(picture, fused.captureNs(), fused.captureWallNs());
    Drawn held = first;
    if (encoder == null && held == null) {
      first = drawn;
      return;
    }
    try {
      if (held != null) {
        pushFirst(held, 1e9 / (drawn.captureNs - held.captureNs));
      }
      push(drawn);
    } finally {
      picture.release();
    }
  }

  private void pushFirst(Drawn held, double framesPerSecond)
      throws EncoderException, InterruptedException {
    first = null;
    try {
      encoder =
          factory.open(
              held.picture.format(), Math.max(1, Math.min(framesPerSecond, MOST_FPS)), listener);
      push(held);
    } finally {
      held.picture.release();
    }
  }

  private void push(Drawn drawn) throws InterruptedException {
    VideoEncoder current = Objects.requireNonNull(encoder);
    while (!current.push(drawn.picture, drawn.captureNs, drawn.captureWallNs)) {
      checkAlive(current);
      Thread.sleep(BUSY_WAIT_MS);
    }
    pushed++;
  }

  /** Waits until everything that was pushed has come out; after the loop's end. */
  void drain() throws EncoderException, InterruptedException {
    if (first != null) {
      pushFirst(first, VideoEncoder.USUAL_FPS);
    }
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
    if (first != null) {
      first.picture.release();
      first = null;
    }
    if (encoder != null) {
      encoder.close();
    }
  }
}
