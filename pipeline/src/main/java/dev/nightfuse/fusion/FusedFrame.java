package dev.nightfuse.fusion;

import dev.nightfuse.frame.Frame;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One fused picture and everything that the views are drawn from. All pictures have the rig's
 * output size.
 *
 * <p>The receiver owns one reference to each frame that is present; {@link #retain()} and {@link
 * #release()} act on all.
 *
 * @param sequence number of the fused frame in its rig
 * @param captureNs capture time of the pair on the frame clock
 * @param captureWallNs the same moment in nanoseconds since 1970-01-01 UTC
 * @param fused I420: fused luma, the visible camera's chroma (neutral when there is none)
 * @param visible I420, or null when the camera is lost
 * @param infrared GRAY8, registered onto the visible picture, or null
 * @param labels GRAY8 at the network's label size, values are class numbers, or null when the model
 *     does not segment
 * @param skewNs infrared minus visible capture time
 * @param infraredAgeNs age of a held infrared frame, 0 when new
 * @param fusedAgeNs how much older than {@code captureNs} the fused picture and its labels are, 0
 *     unless a slow engine is still busy with a newer one
 * @param repeated whether this fused picture was handed on before
 * @param labelsLeftOut whether labels are null because nobody wanted them when the engine was given
 *     the pair
 * @param degradations what is less than it should be; empty when all is well
 */
public record FusedFrame(
    long sequence,
    long captureNs,
    long captureWallNs,
    Frame fused,
    @Nullable Frame visible,
    @Nullable Frame infrared,
    @Nullable Frame labels,
    long skewNs,
    long infraredAgeNs,
    long fusedAgeNs,
    boolean repeated,
    boolean labelsLeftOut,
    Set<Degradation> degradations) {

  /** A picture that was fused for this pair. */
  public FusedFrame(
      long sequence,
      long captureNs,
      long captureWallNs,
      Frame fused,
      @Nullable Frame visible,
      @Nullable Frame infrared,
      @Nullable Frame labels,
      long skewNs,
      long infraredAgeNs,
      Set<Degradation> degradations) {
    this(
        sequence,
        captureNs,
        captureWallNs,
        fused,
        visible,
        infrared,
        labels,
        skewNs,
        infraredAgeNs,
        0,
        false,
        false,
        degradations);
  }

  /**
   * The same picture for a later moment; its references are this one's.
   *
   * @param again whether it was handed on before; it is then shown even without labels
   */
  public FusedFrame later(long laterNs, boolean again, Set<Degradation> degradationsNow) {
    return new FusedFrame(
        sequence,
        captureNs + laterNs,
        captureWallNs + laterNs,
        fused,
        visible,
        infrared,
        labels,
        skewNs,
        infraredAgeNs + laterNs,
        fusedAgeNs + laterNs,
        again || repeated,
        labelsLeftOut && !again,
        degradationsNow);
  }

  public FusedFrame retain() {
    fused.retain();
    if (visible != null) {
      visible.retain();
    }
    if (infrared != null) {
      infrared.retain();
    }
    if (labels != null) {
      labels.retain();
    }
    return this;
  }

  public void release() {
    fused.release();
    if (visible != null) {
      visible.release();
    }
    if (infrared != null) {
      infrared.release();
    }
    if (labels != null) {
      labels.release();
    }
  }
}
