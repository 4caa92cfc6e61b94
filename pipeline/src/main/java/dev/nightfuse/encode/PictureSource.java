package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.fusion.FusedFrame;
import org.jspecify.annotations.Nullable;

/**
 * Draws the picture of one view. Called by the view's thread only; the fused frame stays the
 * caller's, the caller also owns one reference to the result.
 */
@FunctionalInterface
public interface PictureSource {

  /** An I420 picture, or null when there is none to show now. */
  @Nullable Frame draw(FusedFrame fused);
}
