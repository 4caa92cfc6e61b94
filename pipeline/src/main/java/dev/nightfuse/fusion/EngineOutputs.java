package dev.nightfuse.fusion;

import dev.nightfuse.frame.Frame;
import org.jspecify.annotations.Nullable;

/**
 * The frames that the engine writes for one pair; one reference to each.
 *
 * @param fused I420; chroma is there before
 * @param labels GRAY8, or null when nobody wants them
 */
record EngineOutputs(Frame fused, @Nullable Frame labels) {

  EngineOutputs retain() {
    fused.retain();
    if (labels != null) {
      labels.retain();
    }
    return this;
  }

  void release() {
    fused.release();
    if (labels != null) {
      labels.release();
    }
  }
}
