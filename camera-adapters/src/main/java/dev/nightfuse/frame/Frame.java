package dev.nightfuse.frame;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * One picture in native memory, borrowed from a {@link FramePool} and shared by reference count.
 *
 * <p><b>Ownership.</b> A borrowed frame has one reference. Whoever hands it on without keeping it
 * gives that reference away; whoever keeps it too calls {@link #retain()} first. The last {@link
 * #release()} returns the memory to the pool. Reading a released frame is an {@link
 * IllegalStateException} where it can be seen.
 *
 * <p><b>Threads.</b> Counts may change from any thread. Samples are written by the borrower only,
 * before the frame is handed on, and are read-only afterwards.
 *
 * <p><b>Times</b> are nanoseconds on the {@link FrameClock}.
 */
public final class Frame {

  private final FramePool pool;
  private final FrameFormat format;
  private final ByteBuffer data;
  private final ByteBuffer[] planes;
  private final AtomicInteger references = new AtomicInteger();

  private long sequence;
  private long captureNs;
  private long arrivalNs;
  private @Nullable GroundTruth truth;

  Frame(FramePool pool, FrameFormat format) {
    this.pool = pool;
    this.format = format;
    this.data = ByteBuffer.allocateDirect(format.sizeBytes()).order(ByteOrder.nativeOrder());
    this.planes = new ByteBuffer[format.pixelFormat().planes()];
    for (int p = 0; p < planes.length; p++) {
      planes[p] =
          data.slice(format.planeOffsetBytes(p), format.planeSizeBytes(p))
              .order(ByteOrder.nativeOrder());
    }
  }

  void borrowed() {
    references.set(1);
    truth = null;
  }

  /** Sets the frame's identity; called once by the producer before the frame is handed on. */
  public void stamp(long sequence, long captureNs, long arrivalNs) {
    checkHeld();
    this.sequence = sequence;
    this.captureNs = captureNs;
    this.arrivalNs = arrivalNs;
  }

  /** Attaches ground truth; for simulated cameras. Forgotten when the frame returns to its pool. */
  public void attachTruth(GroundTruth groundTruth) {
    checkHeld();
    this.truth = groundTruth;
  }

  public FrameFormat format() {
    return format;
  }

  /** Number of this frame at its producer; gaps are frames that were lost before they got here. */
  public long sequence() {
    return sequence;
  }

  /** When the picture was exposed, as well as the camera can tell. */
  public long captureNs() {
    return captureNs;
  }

  /** When the picture reached this program. */
  public long arrivalNs() {
    return arrivalNs;
  }

  public @Nullable GroundTruth truth() {
    return truth;
  }

  /**
   * All planes, one after another, tight. Shared: use absolute access, or {@code duplicate()} to
   * move a position.
   */
  public ByteBuffer data() {
    checkHeld();
    return data;
  }

  /**
   * Plane {@code plane} alone; the same object on every call, so that a runtime may bind it once.
   * Shared: use absolute access, or {@code duplicate()} to move a position.
   */
  public ByteBuffer plane(int plane) {
    checkHeld();
    return planes[plane];
  }

  /** Adds a reference and returns this frame. */
  public Frame retain() {
    int before;
    do {
      before = references.get();
      if (before <= 0) {
        throw new IllegalStateException(
            "retain of a frame that was released: " + format + " #" + sequence);
      }
    } while (!references.compareAndSet(before, before + 1));
    return this;
  }

  /** Gives one reference back; the last one returns the frame to its pool. */
  public void release() {
    int after = references.decrementAndGet();
    if (after < 0) {
      references.incrementAndGet();
      throw new IllegalStateException("frame released twice: " + format + " #" + sequence);
    }
    if (after == 0) {
      pool.giveBack(this);
    }
  }

  private void checkHeld() {
    if (references.get() <= 0) {
      throw new IllegalStateException(
          "use of a frame that was released: " + format + " #" + sequence);
    }
  }
}
