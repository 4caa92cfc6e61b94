package dev.nightfuse.camera.simulated;

/** Paints trees: a forked trunk and a crown stamped from a leafy mask. */
final class TreePainter {

  private static final int SIDE = 96;
  private static final int MASKS = 3;

  private final Eye eye;
  private final Canvas canvas;
  private final Lights lights;

  /** 0 is a gap; else the shade of the leaves. */
  private final byte[][] masks = new byte[MASKS][];

  TreePainter(long seed, Eye eye, Canvas canvas, Lights lights) {
    this.eye = eye;
    this.canvas = canvas;
    this.lights = lights;
    for (int i = 0; i < MASKS; i++) {
      masks[i] = mask(seed, i);
    }
  }

  /** Many small clumps of leaves within a round crown; the lower right of each is in shade. */
  private static byte[] mask(long seed, int which) {
    byte[] mask = new byte[SIDE * SIDE];
    for (int clump = 0; clump < 260; clump++) {
      long h = Hash.of(seed, 90 + which, clump);
      double angle = Hash.unit(h, 0) * 2 * Math.PI;
      double away = Math.sqrt(Hash.unit(h, 1)) * SIDE * 0.42;
      int cx = (int) (SIDE / 2 + Math.cos(angle) * away);
      int cy = (int) (SIDE * 0.48 + Math.sin(angle) * away * 0.92);
      int r = 3 + (int) (Hash.unit(h, 2) * 5);
      int shade = 70 + (int) (Hash.unit(h, 3) * 120) + cy / 2;
      for (int y = Math.max(0, cy - r); y < Math.min(SIDE, cy + r); y++) {
        for (int x = Math.max(0, cx - r); x < Math.min(SIDE, cx + r); x++) {
          int q = (x - cx) * (x - cx) + (y - cy) * (y - cy);
          long leaf = Hash.of(seed, 95, y * SIDE + x);
          if (q < r * r && Hash.unit(leaf, 0) < 0.8f) {
            int tone = shade - (x - cx) * 4 - (y - cy) * 3 + (int) (Hash.unit(leaf, 1) * 40);
            mask[y * SIDE + x] = (byte) Math.max(20, Math.min(255, tone));
          }
        }
      }
    }
    return mask;
  }

  void paint(float u, float d, float side, long look) {
    float k = eye.scale(d);
    float tall = Hash.range(look, 2, 5.5f, 8.5f);
    float wide = tall * Hash.range(look, 3, 0.62f, 0.8f);
    float lit = canvas.infrared ? 0 : lights.around(u, d);
    float beam = canvas.infrared ? 0 : Lights.beam(u - eye.eyeU, 0.8f, d);
    float x = eye.x(u, d);
    canvas.surface(0.12f, lit * 0.6f + beam, -3, 3, Thermal.TRUNK, 0);
    float r = Math.max(0.6f, 0.14f * k);
    float fork = eye.y(tall * 0.45f, d);
    canvas.limb(x, eye.y(0, d), r * 1.2f, x, fork, r * 0.8f, 0.15f);
    canvas.limb(x, fork, r * 0.7f, x - 0.2f * wide * k, eye.y(tall * 0.75f, d), r * 0.3f, 0);
    canvas.limb(x, fork, r * 0.7f, x + 0.2f * wide * k, eye.y(tall * 0.8f, d), r * 0.3f, 0);
    // Leaves hang a little over the road, under the lamps.
    float middle = eye.x(u - side * 0.5f, d);
    int level = (int) Math.min(6000, lit * 0.22f + beam * 0.02f);
    crown(
        masks[(int) (look >>> 59) % MASKS],
        middle - wide * k / 2,
        eye.y(tall, d),
        wide * k,
        tall * 0.68f * k,
        level);
  }

  private void crown(byte[] mask, float left, float top, float wide, float high, int lit) {
    int x0 = Math.max(0, (int) left);
    int x1 = Math.min(canvas.width, (int) (left + wide));
    int y0 = Math.max(0, (int) top);
    int y1 = Math.min(canvas.height, (int) (top + high));
    if (x0 >= x1 || y0 >= y1) {
      return;
    }
    short[] level = canvas.level;
    byte[] label = canvas.label;
    int step = (int) (SIDE * 65536L / wide);
    int start = (int) (Math.max(0, x0 + 0.5f - left) * step);
    int cold = Thermal.counts(Thermal.FOLIAGE) - 24;
    int cb = -(Tone.luma(lit) - 16) * 20 / 110;
    int cr = -(Tone.luma(lit) - 16) * 14 / 110;
    for (int y = y0; y < y1; y++) {
      int leaf = (int) (Math.max(0, y + 0.5f - top) * SIDE / high);
      int line = Math.min(SIDE - 1, leaf) * SIDE;
      int at = y * canvas.width;
      int tex = start;
      for (int x = x0; x < x1; x++) {
        int tone = mask[line + Math.min(SIDE - 1, tex >>> 16)] & 0xFF;
        tex += step;
        // Gaps come as leaves do, at random: a branch would be guessed wrong all the time.
        int gap = (tone - 1) >> 31;
        int leafLevel = canvas.infrared ? cold + (tone >> 3) : (lit * tone) >> 8;
        level[at + x] = (short) ((level[at + x] & gap) | (leafLevel & ~gap));
        label[at + x] &= (byte) gap;
      }
      if (!canvas.infrared && (y & 1) == 0) {
        tint(y >> 1, x0 >> 1, x1 >> 1, line, start, step * 2, mask, cb, cr);
      }
    }
  }

  private void tint(
      int row, int from, int to, int line, int start, int step, byte[] mask, int cb, int cr) {
    int at = row * canvas.chromaWidth;
    byte[] planeCb = canvas.cb;
    byte[] planeCr = canvas.cr;
    int tex = start;
    for (int x = from; x < to; x++) {
      int gap = ((mask[line + Math.min(SIDE - 1, tex >>> 16)] & 0xFF) - 1) >> 31;
      planeCb[at + x] = (byte) ((planeCb[at + x] & gap) | (cb & ~gap));
      planeCr[at + x] = (byte) ((planeCr[at + x] & gap) | (cr & ~gap));
      tex += step;
    }
  }
}
