package dev.nightfuse.camera.simulated;

import dev.nightfuse.frame.GroundTruth;

/** Paints what stands at the kerb: lamps, signs, signals, rails, cones, stops. */
final class FurniturePainter {

  private static final int CAR_STOP = GroundTruth.CLASSES.indexOf("car_stop");
  private static final int GUARDRAIL = GroundTruth.CLASSES.indexOf("guardrail");
  private static final int CONE = GroundTruth.CLASSES.indexOf("color_cone");

  private final Eye eye;
  private final Canvas canvas;
  private final Lights lights;
  private final Glare glare;

  FurniturePainter(Eye eye, Canvas canvas, Lights lights, Glare glare) {
    this.eye = eye;
    this.canvas = canvas;
    this.lights = lights;
    this.glare = glare;
  }

  private float light(float u, float h, float d) {
    return canvas.infrared ? 0 : lights.around(u, d) * 0.5f + Lights.beam(u - eye.eyeU, h, d);
  }

  private void pole(float u, float d, float from, float to, float radius) {
    float k = eye.scale(d);
    float r = Math.max(0.45f, radius * k);
    canvas.limb(eye.x(u, d), eye.y(from, d), r, eye.x(u, d), eye.y(to, d), r * 0.8f, 0.1f);
  }

  void lamp(float u, float d, float side, float warmth) {
    if (d < 0.9f) {
      return;
    }
    float k = eye.scale(d);
    float high = Street.LAMP_HEIGHT_M;
    canvas.surface(0.2f, light(u, 1, d) * 0.5f, 0, 0, 5.6f, 0);
    pole(u, d, 0, high, 0.075f);
    float headU = u - side * Street.LAMP_ARM_M;
    float thin = Math.max(0.45f, 0.045f * k);
    canvas.limb(
        eye.x(u, d), eye.y(high - 0.1f, d), thin, eye.x(headU, d), eye.y(high + 0.15f, d), thin, 0);
    float x = eye.x(headU, d);
    float y = eye.y(high + 0.08f, d);
    canvas.surface(0.1f, 60, 0, 0, 24, 0);
    canvas.ellipse(x, y - 0.06f * k, 0.36f * k, 0.09f * k);
    int cb = (int) (-8 - 34 * warmth);
    int cr = (int) (2 + 31 * warmth);
    canvas.glowing(Canvas.MAX_LEVEL, cb / 2, cr / 2, 30, 0);
    canvas.ellipse(x, y, Math.max(1.1f, 0.3f * k), Math.max(0.7f, 0.075f * k));
    float fade = 1 / (1 + d / 70);
    glare.light(x, y, 4200 * fade, Math.max(1.8f, 0.3f * k), cb, cr, Canvas.MAX_LEVEL, eye.y(0, d));
  }

  void sign(float u, float d, float facing, long look) {
    float k = eye.scale(d);
    canvas.surface(0.25f, light(u, 1, d), 0, 0, 5.2f, 0);
    pole(u, d, 0, 2.35f, 0.035f);
    float x = eye.x(u, d);
    float y = eye.y(2.55f, d);
    if (facing < 0) {
      canvas.surface(0.2f, light(u, 2, d) * 0.5f, 0, 0, Thermal.METAL, 0);
      canvas.ellipse(x, y, 0.31f * k, 0.31f * k);
      return;
    }
    // Retroreflective: far brighter in our own beam than anything around.
    float lit = light(u, 1.2f, d) * 1.25f + 120;
    int shape = (int) (look >>> 59) % 3;
    if (shape == 0) {
      canvas.surface(0.5f, lit, -14, 78, Thermal.METAL, 0);
      canvas.ellipse(x, y, 0.32f * k, 0.32f * k);
      canvas.surface(0.85f, lit, -4, 2, Thermal.METAL - 0.8f, 0);
      canvas.ellipse(x, y, 0.235f * k, 0.235f * k);
      canvas.surface(0.06f, lit, 0, 0, Thermal.METAL + 0.7f, 0);
      canvas.rect(x - 0.13f * k, y - 0.1f * k, x - 0.03f * k, y + 0.1f * k);
      canvas.ellipse(x + 0.08f * k, y, 0.055f * k, 0.1f * k);
    } else if (shape == 1) {
      float r = 0.42f * k;
      canvas.surface(0.5f, lit, -14, 78, Thermal.METAL, 0);
      triangle(x, y, r);
      canvas.surface(0.85f, lit, -4, 2, Thermal.METAL - 0.8f, 0);
      triangle(x, y + r * 0.05f, r * 0.62f);
    } else {
      canvas.surface(0.4f, lit, 72, -30, Thermal.METAL, 0);
      canvas.rect(x - 0.32f * k, y - 0.32f * k, x + 0.32f * k, y + 0.32f * k);
      canvas.surface(0.85f, lit, 2, 0, Thermal.METAL - 0.8f, 0);
      triangle(x, y + 0.03f * k, 0.27f * k);
      canvas.surface(0.06f, lit, 0, 0, Thermal.METAL + 0.7f, 0);
      canvas.limb(x, y - 0.08f * k, 0.03f * k, x - 0.02f * k, y + 0.1f * k, 0.035f * k, 0);
    }
  }

  private void triangle(float x, float y, float r) {
    canvas.quad(x, y - r, x, y - r, x + r * 0.87f, y + r * 0.5f, x - r * 0.87f, y + r * 0.5f);
  }

  void signal(float u, float d, int colour) {
    float k = eye.scale(d);
    canvas.surface(0.12f, light(u, 1, d), 0, 0, 5.5f, 0);
    pole(u, d, 0, 3.6f, 0.06f);
    float x = eye.x(u, d);
    canvas.surface(0.03f, light(u, 2, d), 0, 0, 8.5f, 0);
    canvas.rect(x - 0.17f * k, eye.y(3.75f, d), x + 0.17f * k, eye.y(2.75f, d));
    for (int lens = 0; lens < 3; lens++) {
      float y = eye.y(3.55f - 0.3f * lens, d);
      float r = Math.max(0.8f, 0.11f * k);
      boolean on = lens == 2 - colour;
      int cb = lens == 0 ? -34 : lens == 1 ? -80 : 6;
      int cr = lens == 0 ? 112 : lens == 1 ? 40 : -84;
      canvas.glowing(on ? 1500 : 14, cb, cr, on ? 16 : 8, 0);
      canvas.ellipse(x, y, r, r);
      if (on) {
        glare.light(x, y, 900, Math.max(2f, 0.16f * k), cb, cr, 1500, eye.y(0, d));
      }
    }
  }

  /** One field of guard rail, from here to {@code length} metres on. */
  void rail(float u, float d, float length) {
    float near = Math.max(1.0f, d);
    float far = d + length;
    if (far <= near) {
      return;
    }
    float lit = light(u, 0.6f, (near + far) / 2);
    canvas.surface(0.32f, lit, 2, -1, 3.4f, GUARDRAIL);
    pole(u, far, 0, 0.7f, 0.05f);
    beam(u, near, far, 0.78f, 0.66f, canvas.ink);
    beam(u, near, far, 0.66f, 0.6f, canvas.infrared ? canvas.ink + 26 : canvas.ink / 3);
    beam(u, near, far, 0.6f, 0.48f, canvas.infrared ? canvas.ink - 20 : canvas.ink * 2);
  }

  private void beam(float u, float near, float far, float top, float bottom, int ink) {
    canvas.ink = ink;
    canvas.quad(
        eye.x(u, near), eye.y(top, near),
        eye.x(u, far), eye.y(top, far),
        eye.x(u, far), eye.y(bottom, far),
        eye.x(u, near), eye.y(bottom, near));
  }

  void cone(float u, float d) {
    if (d < 1.2f) {
      return;
    }
    float lit = light(u, 0.4f, d);
    canvas.surface(0.06f, lit, 0, 0, 7, CONE);
    canvas.quad(
        eye.x(u - 0.2f, d), eye.y(0.05f, d),
        eye.x(u + 0.2f, d), eye.y(0.05f, d),
        eye.x(u + 0.22f, d), eye.y(0, d),
        eye.x(u - 0.22f, d), eye.y(0, d));
    for (int band = 0; band < 4; band++) {
      float h0 = 0.05f + band * 0.17f;
      float h1 = h0 + 0.17f;
      boolean white = (band & 1) == 1;
      canvas.surface(white ? 0.95f : 0.42f, lit, white ? 0 : -42, white ? 0 : 70, 5.4f, CONE);
      canvas.quad(
          eye.x(u - coneHalf(h1), d), eye.y(h1, d),
          eye.x(u + coneHalf(h1), d), eye.y(h1, d),
          eye.x(u + coneHalf(h0), d), eye.y(h0, d),
          eye.x(u - coneHalf(h0), d), eye.y(h0, d));
    }
  }

  private static float coneHalf(float h) {
    return 0.15f - 0.16f * h;
  }

  /** A low concrete block that ends a parking space. */
  void carStop(float u, float d) {
    if (d < 1.2f) {
      return;
    }
    float lit = light(u, 0.1f, d);
    float half = 0.3f;
    float far = d + 1.5f;
    float inner = u > eye.eyeU ? u - half * 0.5f : u + half * 0.5f;
    canvas.surface(0.34f, lit * 0.5f, -2, 1, 8.0f, CAR_STOP);
    canvas.quad(
        eye.x(inner, d), eye.y(0.18f, d),
        eye.x(inner, far), eye.y(0.18f, far),
        eye.x(inner, far), eye.y(0, far),
        eye.x(inner, d), eye.y(0, d));
    canvas.surface(0.4f, lit * 0.7f, -2, 1, 7.0f, CAR_STOP);
    canvas.quad(
        eye.x(u - half / 2, d), eye.y(0.18f, d),
        eye.x(u + half / 2, d), eye.y(0.18f, d),
        eye.x(u + half / 2, far), eye.y(0.18f, far),
        eye.x(u - half / 2, far), eye.y(0.18f, far));
    canvas.surface(0.36f, lit, -2, 1, 8.4f, CAR_STOP);
    canvas.rect(eye.x(u - half / 2, d), eye.y(0.18f, d), eye.x(u + half / 2, d), eye.y(0, d));
  }
}
