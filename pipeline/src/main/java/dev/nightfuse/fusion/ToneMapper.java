package dev.nightfuse.fusion;

import dev.nightfuse.frame.Frame;
import java.nio.ByteBuffer;

/**
 * Turns the raw counts of a 16-bit thermal camera into the 8-bit picture that is registered and
 * fused. May keep state from picture to picture (a window that moves slowly). One thread at a time.
 */
@FunctionalInterface
public interface ToneMapper {

  /**
   * @param raw GRAY16_LE
   * @param gray direct, as many bytes as the picture has pixels; written from 0
   */
  void map(Frame raw, ByteBuffer gray);
}
