package dev.nightfuse.fusion;

import java.nio.ByteBuffer;

/**
 * Luma without an engine: the last resort, and the thermal picture alone. A piece of a plane at a
 * time goes through two small arrays, which is faster than single bytes of a direct buffer.
 *
 * <p>One thread at a time.
 */
final class Blend {

  private static final int PIECE = 4096;
  private static final int BLACK = 16;
  private static final int RANGE = 219;

  private final byte[] visiblePiece = new byte[PIECE];
  private final byte[] infraredPiece = new byte[PIECE];
  private final byte[] limited = new byte[256];

  Blend() {
    for (int value = 0; value < 256; value++) {
      limited[value] = (byte) (BLACK + (value * RANGE + 127) / 255);
    }
  }

  /**
   * Warm things lighten the visible picture half of the way up to their thermal value; nothing gets
   * darker, so that visible texture stays. All planes hold at least {@code sizeBytes}, which bounds
   * every access: pieces start below it and end at it.
   */
  void lighten(ByteBuffer visibleLuma, ByteBuffer infrared, ByteBuffer fusedLuma, int sizeBytes) {
    for (int at = 0; at < sizeBytes; at += PIECE) {
      int length = Math.min(PIECE, sizeBytes - at);
      visibleLuma.get(at, visiblePiece, 0, length);
      infrared.get(at, infraredPiece, 0, length);
      for (int i = 0; i < length; i++) {
        int luma = visiblePiece[i] & 0xff;
        int thermal = limited[infraredPiece[i] & 0xff] & 0xff;
        visiblePiece[i] = (byte) (luma + (Math.max(0, thermal - luma) >> 1));
      }
      fusedLuma.put(at, visiblePiece, 0, length);
    }
  }

  /** The thermal picture, 0 to 255, as video luma, 16 to 235. Bounds as above. */
  void thermal(ByteBuffer infrared, ByteBuffer fusedLuma, int sizeBytes) {
    for (int at = 0; at < sizeBytes; at += PIECE) {
      int length = Math.min(PIECE, sizeBytes - at);
      infrared.get(at, infraredPiece, 0, length);
      for (int i = 0; i < length; i++) {
        infraredPiece[i] = limited[infraredPiece[i] & 0xff];
      }
      fusedLuma.put(at, infraredPiece, 0, length);
    }
  }
}
