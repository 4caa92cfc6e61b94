package dev.nightfuse.camera.simulated;

import dev.nightfuse.frame.GroundTruth;

/**
 * Paints cars from the few faces that can be seen: the near end, the side towards us, the deck, the
 * glasshouse, wheels and lamps. A car's own axes: {@code z} metres from its middle away from us,
 * {@code x} metres to the right, {@code h} metres up.
 */
final class CarPainter {

  private static final int CAR = GroundTruth.CLASSES.indexOf("car");
  private static final int[] PAINT_CB = {0, 0, 0, 12, -6, 3, 0, -10};
  private static final int[] PAINT_CR = {0, 0, 0, -6, 34, -2, 0, 8};
  private static final float[] PAINT = {0.5f, 0.3f, 0.06f, 0.12f, 0.14f, 0.2f, 0.62f, 0.25f};

  private final Eye eye;
  private final Canvas canvas;
  private final Lights lights;
  private final Glare glare;

  // The car at hand.
  private float u;
  private float d;
  private float halfWide;
  private float halfLong;
  private float belt;
  private float roof;
  private float ground;
  private int paintCb;
  private int paintCr;
  private float paint;
  private float around;
  private boolean parked;
  private boolean front;
  private float side;

  CarPainter(Eye eye, Canvas canvas, Lights lights, Glare glare) {
    this.eye = eye;
    this.canvas = canvas;
    this.lights = lights;
    this.glare = glare;
  }

  void paint(float atU, float atD, float ahead, float pose, long look) {
    if (atD < -1.5f || eye.x(atU, Math.max(1, atD + 2)) < -canvas.width * 2f) {
      return;
    }
    int colour = (int) (look >>> 57) & 7;
    boolean tall = Hash.unit(look, 2) < 0.3f;
    u = atU;
    d = atD;
    halfWide = tall ? 0.93f : 0.88f;
    halfLong = tall ? 2.2f : 2.15f;
    belt = tall ? 1.08f : 0.92f;
    roof = tall ? 1.78f : 1.45f;
    ground = 0.22f;
    paint = PAINT[colour];
    paintCb = PAINT_CB[colour];
    paintCr = PAINT_CR[colour];
    parked = pose == 2;
    front = ahead < 0;
    side = atU < eye.eyeU ? 1 : -1;
    around = canvas.infrared ? 0 : lights.around(atU, atD);

    shadow();
    sidePanel();
    wheels();
    glasshouse(tall);
    end();
    if (front) {
      headlamps();
    } else {
      tailLamps(pose == 1);
    }
  }

  private float x(float cx, float cz) {
    return eye.x(u + cx, d + cz);
  }

  private float y(float h, float cz) {
    return eye.y(h, d + cz);
  }

  private float light(float h) {
    return canvas.infrared
        ? 0
        : around * 0.4f + Lights.beam(u - eye.eyeU, h, Math.max(1.5f, d - halfLong));
  }

  /** Dark road below the car; warm road below a car that drives. */
  private void shadow() {
    canvas.surface(0.02f, around, 0, 0, parked ? Thermal.ROAD - 0.6f : 11, 0);
    float near = -halfLong - 0.1f;
    float far = halfLong;
    canvas.quad(
        x(-halfWide, near), y(0, near),
        x(halfWide, near), y(0, near),
        x(halfWide, far), y(0, far),
        x(-halfWide, far), y(0, far));
    canvas.surface(0.02f, around, 0, 0, parked ? 7 : 12, CAR);
    canvas.rect(x(-halfWide, near), y(ground + 0.1f, near), x(halfWide, near), y(0.08f, near));
  }

  private void sidePanel() {
    float s = side * halfWide;
    float near = -halfLong;
    float far = halfLong;
    canvas.surface(paint, around * 0.45f + light(0.5f) * 0.25f, paintCb, paintCr, bodyHeat(), CAR);
    int lit = canvas.ink;
    canvas.shadedQuad(
        x(s, near),
        y(belt + 0.02f, near),
        x(s, far),
        y(belt + 0.02f, far),
        x(s, far),
        y(ground, far),
        x(s, near),
        y(ground, near),
        canvas.infrared ? lit - 10 : lit,
        canvas.infrared ? lit + 8 : lit / 2);
  }

  private float bodyHeat() {
    return parked ? 4.2f : 6.6f;
  }

  private void wheels() {
    float s = side * (halfWide - 0.02f);
    for (int i = 1; i >= -1; i -= 2) {
      float z = i * halfLong * 0.62f;
      float k = eye.scale(d + z);
      float cx = x(s, z);
      float cy = y(0.32f, z);
      // Seen along the road a wheel is a slim ellipse.
      float slim = Math.abs(x(s, z + 0.32f) - x(s, z - 0.32f)) / 2;
      canvas.surface(0.03f, light(0.3f), 0, 0, parked ? 5.5f : 16, CAR);
      canvas.ellipse(cx, cy, Math.max(0.6f, slim), 0.32f * k);
      canvas.surface(0.35f, light(0.3f) * 0.5f, 0, 0, parked ? 4.5f : 19, CAR);
      canvas.ellipse(cx, cy, slim * 0.55f, 0.17f * k);
    }
    // Tyres below the near end.
    float near = -halfLong + 0.35f;
    canvas.surface(0.03f, light(0.2f), 0, 0, parked ? 6.5f : 18, CAR);
    for (int i = -1; i <= 1; i += 2) {
      float mid = i * (halfWide - 0.13f);
      canvas.rect(x(mid - 0.11f, near), y(0.4f, near), x(mid + 0.11f, near), y(0, near));
    }
  }

  private void glasshouse(boolean tall) {
    float nearBase = front ? -halfLong * 0.42f : -halfLong * (tall ? 0.95f : 0.72f);
    float nearTop = front ? -halfLong * 0.08f : -halfLong * (tall ? 0.85f : 0.42f);
    float farBase = front ? halfLong * 0.8f : halfLong * 0.42f;
    float farTop = front ? halfLong * 0.5f : halfLong * 0.1f;
    float top = halfWide * 0.76f;
    float base = halfWide * 0.94f;
    // Deck between the near end and the window.
    canvas.surface(
        paint,
        around * 0.5f + light(belt) * 0.2f,
        paintCb,
        paintCr,
        front && !parked ? 22 : bodyHeat() - 2.5f,
        CAR);
    canvas.quad(
        x(-halfWide * 0.96f, -halfLong), y(belt - 0.1f, -halfLong),
        x(halfWide * 0.96f, -halfLong), y(belt - 0.1f, -halfLong),
        x(base, nearBase), y(belt, nearBase),
        x(-base, nearBase), y(belt, nearBase));
    // Body colour of roof and pillars, then the panes into it.
    canvas.surface(
        paint, around * 0.4f + light(roof) * 0.4f, paintCb, paintCr, bodyHeat() - 1, CAR);
    float s = side;
    canvas.quad(
        x(s * base, nearBase), y(belt, nearBase),
        x(s * base, farBase), y(belt, farBase),
        x(s * top, farTop), y(roof, farTop),
        x(s * top, nearTop), y(roof, nearTop));
    canvas.quad(
        x(-base, nearBase), y(belt, nearBase),
        x(base, nearBase), y(belt, nearBase),
        x(top, nearTop), y(roof, nearTop),
        x(-top, nearTop), y(roof, nearTop));
    canvas.surface(0.03f, around + light(belt) * 0.6f, 4, -2, Thermal.GLASS + 1, CAR);
    canvas.quad(
        x(s * base, nearBase + 0.25f), y(belt + 0.05f, nearBase + 0.25f),
        x(s * base, farBase - 0.25f), y(belt + 0.05f, farBase - 0.25f),
        x(s * top, farTop - 0.05f), y(roof - 0.1f, farTop - 0.05f),
        x(s * top, nearTop + 0.15f), y(roof - 0.1f, nearTop + 0.15f));
    canvas.surface(
        0.035f, around + light(belt) * 0.6f, 4, -2, Thermal.GLASS + (parked ? 0 : 4), CAR);
    int lower = canvas.ink;
    canvas.shadedQuad(
        x(-base * 0.92f, nearBase),
        y(belt + 0.03f, nearBase),
        x(base * 0.92f, nearBase),
        y(belt + 0.03f, nearBase),
        x(top * 0.9f, nearTop),
        y(roof - 0.09f, nearTop),
        x(-top * 0.9f, nearTop),
        y(roof - 0.09f, nearTop),
        canvas.infrared ? lower - 50 : lower * 2,
        lower);
    if (!parked && !front) {
      // Heads of the people inside, through the rear window: only to the eye, glass is opaque to
      // heat.
      if (!canvas.infrared) {
        canvas.surface(0.02f, around, 0, 0, 0, CAR);
        float k = eye.scale(d);
        canvas.ellipse(x(-0.36f, 0), y(belt + 0.28f, 0), 0.12f * k, 0.15f * k);
        canvas.ellipse(x(0.36f, 0), y(belt + 0.26f, 0), 0.12f * k, 0.15f * k);
      }
    }
  }

  /** The end towards us: bumper, grille or boot, plate. */
  private void end() {
    float z = -halfLong;
    float w = halfWide * 0.98f;
    float heat = parked ? 5 : front ? 15 : 8;
    canvas.surface(paint, around * 0.4f + light(0.6f), paintCb, paintCr, heat, CAR);
    int lit = canvas.ink;
    canvas.shadedQuad(
        x(-w * 0.95f, z),
        y(belt - 0.08f, z),
        x(w * 0.95f, z),
        y(belt - 0.08f, z),
        x(w, z),
        y(ground, z),
        x(-w, z),
        y(ground, z),
        lit,
        canvas.infrared ? lit + (parked ? 5 : 60) : (int) (lit * 0.7f));
    canvas.surface(0.04f, around * 0.4f + light(0.4f), 0, 0, parked ? 5 : front ? 27 : 12, CAR);
    if (front) {
      canvas.rect(x(-0.5f, z), y(0.62f, z), x(0.5f, z), y(0.36f, z));
    } else {
      canvas.rect(x(-w * 0.94f, z), y(ground + 0.16f, z), x(w * 0.94f, z), y(ground + 0.04f, z));
      if (!parked) {
        canvas.surface(0.02f, around, 0, 0, 58, CAR);
        float k = eye.scale(d + z);
        canvas.ellipse(x(0.52f, z), y(0.27f, z), 0.06f * k, 0.045f * k);
      }
    }
    // Number plates throw our light back.
    canvas.surface(0.75f, around * 0.3f + light(0.5f) * 1.3f, -3, 0, heat - 1.5f, CAR);
    float plate = front ? 0.34f : 0.66f;
    canvas.rect(x(-0.26f, z), y(plate + 0.06f, z), x(0.26f, z), y(plate - 0.055f, z));
  }

  private void headlamps() {
    float z = -halfLong;
    float k = eye.scale(d + z);
    float h = 0.68f;
    for (int i = -1; i <= 1; i += 2) {
      float cx = x(i * 0.66f, z);
      float cy = y(h, z);
      float r = Math.max(0.8f, 0.1f * k);
      if (parked) {
        canvas.surface(0.7f, light(h), 0, 0, 5, CAR);
        canvas.ellipse(cx, cy, r * 1.3f, r * 0.7f);
        continue;
      }
      canvas.glowing(Canvas.MAX_LEVEL, 2, -2, 27, CAR);
      canvas.ellipse(cx, cy, r * 1.25f, r);
      float near = 1 / (1 + d / 60);
      glare.light(
          cx,
          cy,
          7800 * near,
          Math.max(2.2f, 0.17f * k) + canvas.width * 0.004f,
          5,
          -3,
          Canvas.MAX_LEVEL,
          y(-h, z));
    }
  }

  private void tailLamps(boolean braking) {
    float z = -halfLong;
    float k = eye.scale(d + z);
    for (int i = -1; i <= 1; i += 2) {
      float x0 = x(i * (halfWide - 0.04f), z);
      float x1 = x(i * (halfWide - 0.3f), z);
      float left = Math.min(x0, x1);
      float right = Math.max(Math.max(x0, x1), left + 1.2f);
      float level = parked ? Math.min(900, 140 + light(0.8f) * 0.5f) : braking ? 1250 : 620;
      canvas.glowing(level, -38, 112, parked ? 5 : braking ? 17 : 12, CAR);
      canvas.rect(
          left, y(belt - 0.1f, z), right, Math.max(y(belt - 0.28f, z), y(belt - 0.1f, z) + 1));
      if (!parked) {
        glare.light(
            (left + right) / 2,
            y(belt - 0.18f, z),
            braking ? 1500 : 520,
            Math.max(1.6f, 0.12f * k),
            -34,
            112,
            (int) level,
            y(0, z));
      }
    }
    if (braking && !parked) {
      canvas.glowing(1200, -38, 112, 9, CAR);
      float zTop = -halfLong * 0.5f;
      canvas.rect(x(-0.2f, zTop), y(roof - 0.06f, zTop), x(0.2f, zTop), y(roof - 0.1f, zTop));
    }
  }
}
