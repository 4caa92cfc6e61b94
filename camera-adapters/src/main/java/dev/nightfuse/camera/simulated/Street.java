package dev.nightfuse.camera.simulated;

/** Sets what does not move: lamps, trees, signs, signals, rails, cones, parked cars. */
final class Street {

  static final float LAMP_SPACING_M = 30;
  static final float LAMP_U = 6.2f;
  static final float LAMP_HEIGHT_M = 7;
  static final float LAMP_ARM_M = 2.2f;
  private static final float VIEW_M = 120;
  private static final float ZONE_M = 40;

  private enum Zone {
    PARKED,
    RAIL,
    CAR_STOPS,
    WORKS
  }

  private final long seed;

  Street(long seed) {
    this.seed = seed;
  }

  void set(Stage stage, Lights lights, Drive drive, double sceneS) {
    double ego = drive.egoM(sceneS);
    setLamps(stage, lights, ego);
    for (int side = -1; side <= 1; side += 2) {
      setKerbside(stage, ego, side);
      setPlants(stage, ego, side);
    }
    setSignals(stage, ego, drive.signal(sceneS));
  }

  private void setLamps(Stage stage, Lights lights, double ego) {
    long first = (long) Math.ceil((ego - 20) / LAMP_SPACING_M);
    for (long i = first; i * LAMP_SPACING_M < ego + VIEW_M; i++) {
      long h = Hash.of(seed, 10, i);
      float d = (float) (i * LAMP_SPACING_M - ego);
      float side = (i & 1) == 0 ? 1 : -1;
      if (Hash.unit(h, 0) < 0.12f) {
        continue;
      }
      float warmth = warmth(seed, i);
      lights.pool(side * (LAMP_U - LAMP_ARM_M), d, 6.2f, 6.8f, 1900, warmth);
      stage.add(Stage.Kind.LAMP, side * LAMP_U, d, 1, side, warmth, h);
    }
  }

  /** Streets change from old orange lamps to white ones and back. */
  private static float warmth(long seed, long lamp) {
    return Hash.unit(Hash.of(seed, 11, Math.floorDiv(lamp, 7)), 0) < 0.55f ? 0.95f : 0.3f;
  }

  private Zone zone(int side, double m) {
    float pick = Hash.unit(Hash.of(seed, 12 + side, (long) Math.floor(m / ZONE_M)), 0);
    if (pick < 0.48f) {
      return Zone.PARKED;
    }
    if (pick < 0.7f) {
      return Zone.RAIL;
    }
    return pick < 0.86f || side < 0 ? Zone.CAR_STOPS : Zone.WORKS;
  }

  /** Distance to the nearest crossing, in metres. */
  private static double fromCrossing(double m) {
    double phase = (m - Drive.CROSSING_M) / Drive.PERIOD_M;
    return Math.abs(phase - Math.rint(phase)) * Drive.PERIOD_M;
  }

  private void setKerbside(Stage stage, double ego, int side) {
    float slot = 4;
    long first = (long) Math.ceil((ego - 2) / slot);
    for (long i = first; i * slot < ego + 90; i++) {
      double m = i * slot;
      float d = (float) (m - ego);
      if (fromCrossing(m) < 9) {
        continue;
      }
      long h = Hash.of(seed, 15 + side, i);
      switch (zone(side, m)) {
        case PARKED -> {
          // Two slots of the grid make one parking space.
          if ((i & 1) == 0 && Hash.unit(h, 0) < 0.72f) {
            stage.add(Stage.Kind.CAR, side * (4.62f + 0.15f * Hash.unit(h, 2)), d, side, 0, 2, h);
          }
        }
        case RAIL -> stage.add(Stage.Kind.RAIL, side * 6.0f, d, 1, 0, slot, h);
        case CAR_STOPS -> {
          if (Hash.unit(h, 0) < 0.8f) {
            stage.add(Stage.Kind.CAR_STOP, side * 5.2f, d, 1, 0, 0, h);
          }
        }
        case WORKS -> stage.add(Stage.Kind.CONE, side * 3.9f, d, 1, 0, 0, h);
      }
    }
  }

  private void setPlants(Stage stage, double ego, int side) {
    float slot = 15;
    long first = (long) Math.ceil((ego + 0.8) / slot);
    for (long i = first; i * slot < ego + VIEW_M; i++) {
      long h = Hash.of(seed, 20 + side, i);
      double m = i * slot + Hash.unit(h, 0) * 4;
      float d = (float) (m - ego);
      if (d < 0.8f) {
        continue;
      }
      if (Hash.unit(h, 1) < 0.5f && fromCrossing(m) > 6) {
        stage.add(Stage.Kind.TREE, side * 6.7f, d, 1, side, 0, h);
      } else if (Hash.unit(h, 1) > 0.72f) {
        stage.add(Stage.Kind.SIGN, side * 6.25f, d, side, 0, 0, h);
      }
    }
  }

  private void setSignals(Stage stage, double ego, int colour) {
    long first = (long) Math.ceil((ego - Drive.CROSSING_M) / Drive.PERIOD_M);
    double m = first * Drive.PERIOD_M + Drive.CROSSING_M - 2.6;
    for (int k = 0; k < 2; k++) {
      float d = (float) (m + k * Drive.PERIOD_M - ego);
      if (d > 1 && d < VIEW_M) {
        stage.add(Stage.Kind.SIGNAL, 5.95f, d, 1, 0, colour, seed);
        stage.add(Stage.Kind.SIGNAL, -5.95f, d + 5.2f, 1, 0, colour, seed);
      }
    }
  }
}
