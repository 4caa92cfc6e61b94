package dev.nightfuse.camera.simulated;

import dev.nightfuse.frame.GroundTruth;

/** Paints a bicycle and its rider, with lamps and turning pedals. */
final class CyclistPainter {

  private static final int BIKE = GroundTruth.CLASSES.indexOf("bike");
  private static final float WHEEL_M = 0.34f;
  private static final int SPOKES = 12;

  private final Eye eye;
  private final Canvas canvas;
  private final WalkerPainter body;
  private final Glare glare;

  CyclistPainter(Eye eye, Canvas canvas, WalkerPainter body, Glare glare) {
    this.eye = eye;
    this.canvas = canvas;
    this.body = body;
    this.glare = glare;
  }

  void paint(float u, float d, float ahead, float way, long look) {
    body.stand(u, d, ahead, 0);
    double crank = way * Math.PI * 2 / 5.2;
    boolean towards = ahead < 0;
    // The far half of the machine first.
    wheel(towards ? -0.52f : 0.52f);
    frame();
    rider(crank, look);
    wheel(towards ? 0.52f : -0.52f);
    lamp(towards, d);
  }

  private void wheel(float fore) {
    canvas.surface(0.1f, body.light(0.3f), 0, 0, 10.5f, BIKE);
    float f = fore + WHEEL_M;
    float h = WHEEL_M;
    for (int i = 1; i <= SPOKES; i++) {
      double a = i * 2 * Math.PI / SPOKES;
      float nf = fore + WHEEL_M * (float) Math.cos(a);
      float nh = WHEEL_M + WHEEL_M * (float) Math.sin(a);
      body.limb(f, 0, h, 0.022f, nf, 0, nh, 0.022f, 0);
      f = nf;
      h = nh;
    }
  }

  private void frame() {
    canvas.surface(0.25f, body.light(0.6f), 10, -4, 5.5f, BIKE);
    body.limb(-0.52f, 0, WHEEL_M, 0.02f, 0, 0, 0.3f, 0.02f, 0);
    body.limb(-0.52f, 0, WHEEL_M, 0.02f, -0.18f, 0, 0.78f, 0.02f, 0);
    body.limb(0, 0, 0.3f, 0.02f, -0.18f, 0, 0.92f, 0.02f, 0);
    body.limb(0, 0, 0.3f, 0.025f, 0.4f, 0, 0.82f, 0.025f, 0);
    body.limb(0.52f, 0, WHEEL_M, 0.02f, 0.36f, 0, 0.98f, 0.02f, 0);
    body.limb(0.38f, -0.26f, 1.02f, 0.018f, 0.38f, 0.26f, 1.02f, 0.018f, 0);
  }

  private void rider(double crank, long look) {
    float dark = Hash.range(look, 2, 0.08f, 0.4f);
    float warm = Hash.range(look, 3, 0, 3);
    for (int s = -1; s <= 1; s += 2) {
      double a = crank + (s < 0 ? Math.PI : 0);
      float footFore = 0.17f * (float) Math.cos(a);
      float foot = 0.32f + 0.17f * (float) Math.sin(a);
      float kneeFore = 0.26f + footFore * 0.35f;
      float knee = 0.55f + (foot - 0.32f) * 0.75f;
      canvas.surface(
          dark * 0.5f, body.light(0.6f), 5, -2, Thermal.CLOTHES + 1 + warm, WalkerPainter.PERSON);
      body.limb(-0.16f, s * 0.09f, 0.95f, 0.085f, kneeFore, s * 0.12f, knee, 0.065f, 0.1f);
      body.limb(kneeFore, s * 0.12f, knee, 0.062f, footFore, s * 0.12f, foot, 0.045f, 0.1f);
    }
    int cb = (look & 1) == 0 ? -24 : 16;
    int cr = (look & 1) == 0 ? 10 : -10;
    canvas.surface(
        dark, body.light(1.2f), cb, cr, Thermal.CLOTHES + 1.5f + warm, WalkerPainter.PERSON);
    body.limb(-0.16f, 0, 0.98f, 0.165f, 0.14f, 0, 1.42f, 0.17f, 0.12f);
    for (int s = -1; s <= 1; s += 2) {
      body.limb(0.14f, s * 0.19f, 1.42f, 0.052f, 0.34f, s * 0.24f, 1.07f, 0.04f, 0.1f);
    }
    body.head(0.24f, 0, 1.74f, look);
  }

  private void lamp(boolean towards, float d) {
    float fore = towards ? 0.45f : -0.55f;
    float x = body.px(fore, 0);
    float y = body.py(fore, 0, towards ? 0.9f : 0.7f);
    float r = Math.max(0.7f, 0.035f * eye.scale(d));
    if (towards) {
      canvas.glowing(6000, 0, 0, 14, BIKE);
      canvas.ellipse(x, y, r * 1.2f, r * 1.2f);
      glare.light(x, y, 900, r * 1.6f, 4, -2, 6000, Float.NaN);
    } else {
      canvas.glowing(1500, -30, 100, 10, BIKE);
      canvas.ellipse(x, y, r, r);
      glare.light(x, y, 260, r * 1.5f, -30, 110, 1500, Float.NaN);
    }
  }
}
