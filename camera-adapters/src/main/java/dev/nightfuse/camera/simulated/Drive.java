package dev.nightfuse.camera.simulated;

/**
 * How everybody moves along the road, in closed form. Time is cut into periods; in each one our car
 * cruises, brakes for a crossing, waits while people cross, and sets off again. Other cars follow
 * the same law shifted in time and place, so that queues form and nobody collides.
 *
 * <p>Distances are metres along the road, times seconds of scene time.
 */
final class Drive {

  static final double CRUISE_MPS = 11.5;
  private static final double CRUISE_S = 9.5;
  private static final double RAMP_S = 4;
  private static final double WAIT_S = 7;
  static final double PERIOD_S = CRUISE_S + RAMP_S + WAIT_S + RAMP_S;
  static final double PERIOD_M = CRUISE_MPS * (CRUISE_S + RAMP_S);

  /** Where our car stops in a period, and the crossing behind the car that may stop before us. */
  private static final double STOP_M = CRUISE_MPS * (CRUISE_S + RAMP_S / 2);

  private static final double CROSSING_AHEAD_M = 15.5;
  static final double CROSSING_M = STOP_M + CROSSING_AHEAD_M;

  /** People step on the road while cars brake, and have left it when they set off. */
  static final double WALK_FROM_S = CRUISE_S + 0.5;

  private static final double HEADWAY_S = 1.7;
  private static final double QUEUE_GAP_M = 7;

  private final long seed;
  private final double startS;

  Drive(long seed) {
    this.seed = seed;
    // Seeds start at different places of the period; none starts at a standstill.
    this.startS = Hash.unit(Hash.of(seed, 1, 0), 0) * CRUISE_S * 0.8;
  }

  /** Time within the period, 0 to {@link #PERIOD_S}. */
  double phaseS(double sceneS) {
    double t = sceneS + startS;
    return t - Math.floor(t / PERIOD_S) * PERIOD_S;
  }

  long period(double sceneS) {
    return (long) Math.floor((sceneS + startS) / PERIOD_S);
  }

  double egoM(double sceneS) {
    return travelledM(sceneS + startS);
  }

  float speedMps(double sceneS) {
    double t = phaseS(sceneS);
    if (t < CRUISE_S) {
      return (float) CRUISE_MPS;
    }
    if (t < CRUISE_S + RAMP_S) {
      return (float) (CRUISE_MPS * (1 - smooth((t - CRUISE_S) / RAMP_S)));
    }
    if (t < CRUISE_S + RAMP_S + WAIT_S) {
      return 0;
    }
    return (float) (CRUISE_MPS * smooth((t - CRUISE_S - RAMP_S - WAIT_S) / RAMP_S));
  }

  boolean braking(double sceneS) {
    double t = phaseS(sceneS);
    return t > CRUISE_S - 0.2 && t < CRUISE_S + RAMP_S + WAIT_S;
  }

  /** 0 green, 1 amber, 2 red: the signal that faces our road. */
  int signal(double sceneS) {
    double t = phaseS(sceneS);
    if (t > CRUISE_S - 1 && t < CRUISE_S + RAMP_S + WAIT_S - 0.3) {
      return 2;
    }
    return t > CRUISE_S - 3 && t <= CRUISE_S - 1 ? 1 : 0;
  }

  /** Rear bumper of the car before us, in road metres. */
  double leaderM(double sceneS) {
    double t = sceneS + startS;
    long period = (long) Math.floor(t / PERIOD_S);
    double blend = smooth(Math.min(1, phaseS(sceneS) / CRUISE_S));
    double extra = leaderExtraM(period - 1) * (1 - blend) + leaderExtraM(period) * blend;
    return travelledM(t + HEADWAY_S) + QUEUE_GAP_M + extra;
  }

  boolean leaderBraking(double sceneS) {
    return braking(sceneS + HEADWAY_S);
  }

  private double leaderExtraM(long period) {
    return Hash.unit(Hash.of(seed, 2, period), 0) < 0.55 ? 0 : 62;
  }

  /** Front bumper of car {@code place} of oncoming platoon {@code platoon}, in road metres. */
  double oncomingM(long platoon, int place, double sceneS) {
    double t = sceneS + startS - HEADWAY_S * place;
    return 2 * CROSSING_M + platoon * PERIOD_M - travelledM(t) + (QUEUE_GAP_M - 0.5) * place;
  }

  /** The first platoon whose leading car is still ahead of us. */
  long firstPlatoon(double sceneS) {
    double t = sceneS + startS;
    return (long) Math.floor((2 * travelledM(t) - 2 * CROSSING_M) / PERIOD_M) - 1;
  }

  private static double travelledM(double t) {
    double period = Math.floor(t / PERIOD_S);
    double phase = t - period * PERIOD_S;
    double m = Math.min(phase, CRUISE_S) * CRUISE_MPS;
    phase -= CRUISE_S;
    if (phase > 0) {
      double x = Math.min(1, phase / RAMP_S);
      m += CRUISE_MPS * RAMP_S * (x - x * x * x + x * x * x * x / 2);
    }
    phase -= RAMP_S + WAIT_S;
    if (phase > 0) {
      double x = phase / RAMP_S;
      m += CRUISE_MPS * RAMP_S * (x * x * x - x * x * x * x / 2);
    }
    return period * PERIOD_M + m;
  }

  private static double smooth(double x) {
    return x * x * (3 - 2 * x);
  }
}
