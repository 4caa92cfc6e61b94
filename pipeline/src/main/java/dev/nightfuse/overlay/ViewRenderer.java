package dev.nightfuse.overlay;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.fusion.FusedFrame;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import org.jspecify.annotations.Nullable;

/**
 * Draws one view of one rig.
 *
 * <p><b>Thread.</b> One at a time. <b>Ownership.</b> Borrows the fused frame for the call; the
 * result has a reference for the caller. A picture on which nothing is drawn is not copied.
 */
@SuppressWarnings("UnusedVariable")
public final class ViewRenderer {

  private final View view;
  private final OverlayControl control;
  private final ClassPalette classes;
  private final int poolFrames;
  private final StageMetrics metrics;

  /**
   * @param classes colours of the label values
   * @param poolFrames drawn pictures that may be on their way at a time
   */
  public ViewRenderer(
      View view,
      OverlayControl control,
      ClassPalette classes,
      int poolFrames,
      StageMetrics metrics) {
    this.view = view;
    this.control = control;
    this.classes = classes;
    this.poolFrames = poolFrames;
    this.metrics = metrics;
  }

  /** The picture (I420), or null (counted) when all memory is with the encoder. */
  public @Nullable Frame render(FusedFrame frame) {
    Frame visible = frame.visible();
    return view == View.VISIBLE && visible != null ? visible.retain() : frame.fused().retain();
  }

  public View view() {
    return view;
  }
}
