package dev.nightfuse.camera.simulated;

/** Sets what moves: cars, people on the pavements and on the crossing, cyclists. */
final class Traffic {

  private static final float WALK_MPS = 1.3f;
  private static final float WALKER_SLOT_M = 11;
  private static final float RIDE_MPS = 4.6f;
  private static final float RIDER_SLOT_M = 58;
  private static final float CROSS_MPS = 1.7f;

  private final long seed;

  Traffic(long seed) {
    this.seed = seed;
  }

  void set(Stage stage, Lights lights, Drive drive, double sceneS) {
    double ego = drive.egoM(sceneS);
    setCars(stage, lights, drive, sceneS, ego);
    for (int side = -1; side <= 1; side += 2) {
      for (int dir = -1; dir <= 1; dir += 2) {
        setWalkers(stage, ego, sceneS, side, dir);
      }
    }
    setRiders(stage, lights, ego, sceneS, 1);
    setRiders(stage, lights, ego, sceneS, -1);
    setCrossing(stage, drive, ego, sceneS);
  }

  private void setCars(Stage stage, Lights lights, Drive drive, double sceneS, double ego) {
    float half = 2.2f;
    float leader = (float) (drive.leaderM(sceneS) - ego) + half;
    stage.add(
        Stage.Kind.CAR,
        1.75f,
        leader,
        1,
        0,
        drive.leaderBraking(sceneS) ? 1 : 0,
        Hash.of(seed, 30, 0));
    lights.pool(1.75f, leader + 10, 1.7f, 6, 700, 0.05f);
    long first = drive.firstPlatoon(sceneS);
    for (long platoon = first; platoon < first + 4; platoon++) {
      long h = Hash.of(seed, 31, platoon);
      int cars = 1 + (int) (Hash.unit(h, 0) * 3);
      for (int place = 0; place < cars; place++) {
        float d = (float) (drive.oncomingM(platoon, place, sceneS) - ego) + half;
        if (d > 1.2f && d < 130) {
          stage.add(Stage.Kind.CAR, -1.75f, d, -1, 0, 0, Hash.of(seed, 32 + place, platoon));
          lights.pool(-1.6f, d - 9, 1.7f, 6, 800, 0.05f);
        }
      }
    }
  }

  private void setWalkers(Stage stage, double ego, double sceneS, int side, int dir) {
    double shift = dir * WALK_MPS * sceneS;
    long first = (long) Math.floor((ego - shift) / WALKER_SLOT_M);
    for (long i = first; i * WALKER_SLOT_M + shift < ego + 75; i++) {
      long h = Hash.of(seed, 35 + 2 * side + dir, i);
      if (Hash.unit(h, 0) > 0.36f) {
        continue;
      }
      double m = i * WALKER_SLOT_M + shift + Hash.unit(h, 1) * 8;
      float d = (float) (m - ego);
      if (d > 1.2f) {
        float u = side * Hash.range(h, 2, 7.1f, 8.9f);
        float way = (float) (WALK_MPS * (sceneS % 1000)) + Hash.unit(h, 3) * 2;
        stage.add(Stage.Kind.WALKER, u, d, dir, 0, way, h);
        if (Hash.unit(h, 4) < 0.35f) {
          long friend = Hash.of(h, 36, 0);
          stage.add(Stage.Kind.WALKER, u + side * 0.62f, d + 0.25f, dir, 0, way + 0.4f, friend);
        }
      }
    }
  }

  private void setRiders(Stage stage, Lights lights, double ego, double sceneS, int dir) {
    double shift = dir * RIDE_MPS * sceneS;
    long first = (long) Math.floor((ego - shift) / RIDER_SLOT_M);
    for (long i = first; i * RIDER_SLOT_M + shift < ego + 75; i++) {
      long h = Hash.of(seed, 38 + dir, i);
      double m = i * RIDER_SLOT_M + shift + Hash.unit(h, 1) * 40;
      float d = (float) (m - ego);
      if (Hash.unit(h, 0) < 0.7f && d > 1.3f) {
        float way = (float) (RIDE_MPS * (sceneS % 1000));
        stage.add(Stage.Kind.CYCLIST, dir * 3.15f, d, dir, 0, way, h);
        if (dir < 0) {
          lights.pool(-3.15f, d - 3, 0.8f, 2, 160, 0.1f);
        }
      }
    }
  }

  /** People wait at the kerb, cross while the cars stand, and go on. */
  private void setCrossing(Stage stage, Drive drive, double ego, double sceneS) {
    long period = drive.period(sceneS);
    float phase = (float) drive.phaseS(sceneS);
    for (int i = 0; i < 7; i++) {
      long h = Hash.of(seed, 45 + i, period);
      if (Hash.unit(h, 0) < 0.3f) {
        continue;
      }
      float side = Hash.unit(h, 1) < 0.5f ? -1 : 1;
      float speed = CROSS_MPS * Hash.range(h, 2, 0.95f, 1.12f);
      float start = (float) Drive.WALK_FROM_S + Hash.unit(h, 3) * 1.2f;
      float walked = Math.max(0, Math.min(13.6f, (phase - start) * speed));
      float along = Hash.range(h, 4, -1.5f, 1.5f);
      double m = period * Drive.PERIOD_M + Drive.CROSSING_M + along;
      float d = (float) (m - ego);
      boolean walking = walked > 0 && walked < 13.6f;
      if (d > 1.2f && d < 90) {
        stage.add(
            Stage.Kind.WALKER,
            side * (6.8f - walked),
            d,
            0,
            -side,
            walking ? walked + 0.01f : 0,
            h);
      }
    }
  }
}
