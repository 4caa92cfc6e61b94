package dev.nightfuse.camera.simulated;

import dev.nightfuse.frame.GroundTruth;

/** Paints people as jointed figures that walk, stand or ride. */
final class WalkerPainter {

  static final int PERSON = GroundTruth.CLASSES.indexOf("person");
  private static final int[] COAT_CB = {0, 14, -6, 4, -12, 0, 8, -4};
  private static final int[] COAT_CR = {0, -8, 20, -2, 8, 0, -2, 4};

  private final Eye eye;
  private final Canvas canvas;
  private final Lights lights;

  // The figure at hand.
  private float footU;
  private float footD;
  private float headingU;
  private float headingD;
  private float around;

  WalkerPainter(Eye eye, Canvas canvas, Lights lights) {
    this.eye = eye;
    this.canvas = canvas;
    this.lights = lights;
  }

  void paint(float u, float d, float ahead, float aside, float way, long look) {
    stand(u, d, ahead, aside);
    float tall = Hash.range(look, 1, 1.56f, 1.86f);
    // A pace is about 0.43 of the height; the legs swing once per two paces.
    double phase = way * Math.PI / (0.43 * tall);
    float swing = way == 0 ? 0.04f : 0.42f * (float) Math.sin(phase);
    float lift = way == 0 ? 0 : 0.04f * (float) Math.abs(Math.cos(phase));
    float hip = 0.5f * tall - 0.015f + lift * 0.3f;
    float shoulder = 0.82f * tall;
    int coat = (int) (look >>> 58) & 7;
    float dark = Hash.range(look, 2, 0.05f, 0.3f);
    float warm = Hash.range(look, 3, -2.5f, 2.5f);
    boolean coatLong = Hash.unit(look, 0) * 7 % 1 < 0.4f;

    leg(-0.09f, hip, -swing, dark * 0.6f, warm, phase);
    arm(-0.2f, shoulder, swing, tall, dark, coat, warm);
    leg(0.09f, hip, swing, dark * 0.6f, warm, phase + Math.PI);
    torso(hip, shoulder, dark, coat, warm, coatLong);
    arm(0.2f, shoulder, -swing, tall, dark, coat, warm);
    head(0, 0, tall, look);
  }

  /** Turns the painter to a figure whose feet are at (u, d). */
  void stand(float u, float d, float ahead, float aside) {
    footU = u;
    footD = d;
    headingU = aside;
    headingD = ahead;
    around = canvas.infrared ? 0 : lights.around(u, d);
  }

  /** Light on a point of the figure. */
  float light(float h) {
    return canvas.infrared ? 0 : around * 0.55f + Lights.beam(footU - eye.eyeU, h, footD);
  }

  float px(float fore, float right) {
    // Right of the heading is (headingD, -headingU) in (u, d).
    float u = footU + fore * headingU + right * headingD;
    float d = footD + fore * headingD - right * headingU;
    return eye.x(u, d);
  }

  float py(float fore, float right, float h) {
    return eye.y(h, footD + fore * headingD - right * headingU);
  }

  /** A limb of the figure between two joints given as (fore, right, height), radii in metres. */
  void limb(
      float f0, float s0, float h0, float r0, float f1, float s1, float h1, float r1, float rim) {
    float k = eye.scale(footD);
    canvas.limb(
        px(f0, s0),
        py(f0, s0, h0),
        Math.max(0.35f, r0 * k),
        px(f1, s1),
        py(f1, s1, h1),
        Math.max(0.35f, r1 * k),
        rim);
  }

  private void leg(float right, float hip, float swing, float dark, float warm, double phase) {
    float knee = hip * 0.53f;
    float bend = 0.16f * (float) Math.max(0, Math.cos(phase));
    float kneeFore = swing * 0.52f + bend * 0.5f;
    float footFore = swing - bend * 0.7f;
    float footUp = 0.05f + bend * 0.35f;
    canvas.surface(dark, light(0.7f), 6, -2, Thermal.CLOTHES - 1.5f + warm, PERSON);
    limb(0, right, hip, 0.085f, kneeFore, right, knee, 0.062f, 0.12f);
    canvas.surface(dark * 1.15f, light(0.25f), 6, -2, Thermal.CLOTHES - 3 + warm, PERSON);
    limb(kneeFore, right, knee, 0.062f, footFore, right, footUp + 0.03f, 0.045f, 0.12f);
    canvas.surface(0.16f, light(0.1f), 0, 0, 15 + warm, PERSON);
    limb(
        footFore - 0.05f,
        right,
        footUp,
        0.042f,
        footFore + 0.16f,
        right,
        footUp - 0.012f,
        0.032f,
        0);
  }

  private void arm(
      float right, float shoulder, float swing, float tall, float dark, int coat, float warm) {
    float elbowFore = swing * 0.4f - 0.04f;
    float elbow = shoulder - 0.17f * tall;
    float handFore = swing * 0.75f + 0.05f;
    float hand = shoulder - 0.31f * tall;
    float s = Math.signum(right);
    canvas.surface(
        dark,
        light(shoulder - 0.2f),
        COAT_CB[coat],
        COAT_CR[coat],
        Thermal.CLOTHES - 1 + warm,
        PERSON);
    limb(0, right, shoulder - 0.03f, 0.055f, elbowFore, right + s * 0.05f, elbow, 0.045f, 0.1f);
    limb(
        elbowFore,
        right + s * 0.05f,
        elbow,
        0.045f,
        handFore,
        right + s * 0.04f,
        hand,
        0.036f,
        0.1f);
    canvas.surface(0.34f, light(hand), -12, 16, Thermal.SKIN - 3, PERSON);
    limb(
        handFore,
        right + s * 0.04f,
        hand,
        0.04f,
        handFore + 0.02f,
        right + s * 0.04f,
        hand - 0.07f,
        0.035f,
        0);
  }

  private void torso(
      float hip, float shoulder, float dark, int coat, float warm, boolean coatLong) {
    float middle = (hip + shoulder) / 2;
    float hem = coatLong ? hip - 0.28f : hip - 0.06f;
    canvas.surface(
        dark, light(hip), COAT_CB[coat], COAT_CR[coat], Thermal.CLOTHES - 2 + warm, PERSON);
    limb(0, 0, hem, 0.17f, 0, 0, middle, 0.165f, 0.14f);
    canvas.surface(
        dark, light(shoulder - 0.2f), COAT_CB[coat], COAT_CR[coat], Thermal.CLOTHES + warm, PERSON);
    limb(0, -0.045f, middle, 0.14f, 0.01f, -0.065f, shoulder - 0.05f, 0.125f, 0.1f);
    limb(0, 0.045f, middle, 0.14f, 0.01f, 0.065f, shoulder - 0.05f, 0.125f, 0.1f);
  }

  void head(float fore, float right, float tall, long look) {
    float centre = tall - 0.115f;
    float k = eye.scale(footD);
    canvas.surface(0.32f, light(centre), -12, 16, Thermal.SKIN - 1.5f, PERSON);
    limb(fore + 0.01f, right, centre - 0.16f, 0.05f, fore + 0.01f, right, centre - 0.08f, 0.05f, 0);
    boolean away = headingD > 0.5f;
    canvas.surface(0.32f, light(centre), -12, 16, Thermal.SKIN + 1, PERSON);
    canvas.ellipse(px(fore + 0.03f, right), py(fore, right, centre), 0.082f * k, 0.112f * k);
    // Hair insulates: cooler than the face, and dark.
    canvas.surface(0.04f, light(centre), 0, 2, Thermal.CLOTHES + 1, PERSON);
    float hairDown = away ? 0.03f : 0.075f;
    canvas.ellipse(
        px(fore + (away ? 0 : -0.035f), right),
        py(fore, right, centre + hairDown),
        0.084f * k,
        (away ? 0.09f : 0.058f) * k);
    if (away && (look & 16) == 0) {
      canvas.surface(0.3f, light(centre), -12, 16, Thermal.SKIN, PERSON);
      canvas.ellipse(px(fore, right), py(fore, right, centre - 0.075f), 0.06f * k, 0.035f * k);
    }
  }
}
