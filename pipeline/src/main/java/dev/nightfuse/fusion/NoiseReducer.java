package dev.nightfuse.fusion;

import java.nio.ByteBuffer;

/**
 * Holds still what changes from picture to picture by no more than noise does: a fusion that makes
 * contrast stronger makes the cameras' noise stronger with it, and that flickers where nothing
 * moves. A temporal filter with coring: the level shown differs from the fused one by {@value
 * #MOST} at most, always, whatever moved, and by one at most when the fused one has stayed for
 * three pictures; so what passed leaves no trail that could be seen. Changes of 12 levels or more
 * are shown as they are.
 *
 * <pre>
 *   change      0   1   2   3   4   5   6   7   8   9  10  11  12 ...
 *   held back   0   1   1   2   2   2   2   2   1   1   1   1   0
 * </pre>
 *
 * <p>What is shown grows with what was fused, so no edge turns over. Pictures of another size begin
 * anew. One thread at a time.
 */
public final class NoiseReducer {

  static final int MOST = 2;

  private static final int[] HELD_BACK = {0, 1, 1, 2, 2, 2, 2, 2, 1, 1, 1, 1};
  private static final int LEVELS = 256;
  private static final int PIECE = 4096;

  /** By change + 255. */
  private final byte[] heldBack = new byte[2 * LEVELS - 1];

  private final byte[] shownPiece = new byte[PIECE];
  private final byte[] piece = new byte[PIECE];
  private ByteBuffer shown = ByteBuffer.allocateDirect(0);

  public NoiseReducer() {
    for (int change = 1; change < HELD_BACK.length; change++) {
      heldBack[LEVELS - 1 + change] = (byte) HELD_BACK[change];
      heldBack[LEVELS - 1 - change] = (byte) -HELD_BACK[change];
    }
  }

  /**
   * Makes the next picture's luma what is shown of it. Bounds: pieces start below the plane's
   * capacity, which is that of what was shown before, and end at it.
   */
  public void reduce(ByteBuffer luma) {
    int size = luma.capacity();
    if (shown.capacity() != size) {
      shown = ByteBuffer.allocateDirect(size);
      shown.put(0, luma, 0, size);
      return;
    }
    for (int at = 0; at < size; at += PIECE) {
      int length = Math.min(PIECE, size - at);
      luma.get(at, piece, 0, length);
      shown.get(at, shownPiece, 0, length);
      for (int i = 0; i < length; i++) {
        int level = piece[i] & 0xff;
        int change = level - (shownPiece[i] & 0xff);
        piece[i] = (byte) (level - heldBack[LEVELS - 1 + change]);
      }
      luma.put(at, piece, 0, length);
      shown.put(at, piece, 0, length);
    }
  }
}
