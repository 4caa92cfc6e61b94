package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.nio.ByteBuffer;
import java.util.Random;

/** A textured picture that scrolls, with a little noise; deterministic. */
final class MovingPicture {

  private final FramePool pool;
  private final Random random = new Random(1);

  MovingPicture(int widthPx, int heightPx) {
    this.pool = new FramePool(new FrameFormat(PixelFormat.I420, widthPx, heightPx), 3);
  }

  FrameFormat format() {
    return pool.format();
  }

  int leased() {
    return pool.leased();
  }

  /** Picture {@code index}; the caller releases it. */
  Frame frame(int index) {
    Frame frame = pool.tryBorrow();
    if (frame == null) {
      throw new IllegalStateException("all frames are out");
    }
    ByteBuffer luma = frame.plane(0);
    int width = pool.format().widthPx();
    for (int y = 0; y < pool.format().heightPx(); y++) {
      for (int x = 0; x < width; x++) {
        int u = x + 3 * index;
        int v = y + index;
        int texture = ((u >> 4) * 37 + (v >> 4) * 59) & 0x7f;
        luma.put(y * width + x, (byte) (48 + texture + ((u ^ v) & 15) + (random.nextInt() & 3)));
      }
    }
    for (int p = 1; p < 3; p++) {
      ByteBuffer chroma = frame.plane(p);
      for (int i = 0; i < chroma.capacity(); i++) {
        chroma.put(i, (byte) (128 + ((i + index) & 7)));
      }
    }
    return frame;
  }
}
