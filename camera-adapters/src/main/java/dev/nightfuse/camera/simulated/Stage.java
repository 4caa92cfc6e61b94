package dev.nightfuse.camera.simulated;

/** What stands where at one instant, sorted far to near. Fixed room, reused for every frame. */
final class Stage {

  enum Kind {
    CAR,
    WALKER,
    CYCLIST,
    LAMP,
    TREE,
    SIGN,
    SIGNAL,
    RAIL,
    CONE,
    CAR_STOP
  }

  private static final int ROOM = 512;

  final Kind[] kind = new Kind[ROOM];
  final float[] u = new float[ROOM];
  final float[] d = new float[ROOM];

  /** Heading along the road: +1 as we go, -1 towards us; for walkers also sideways in aside. */
  final float[] ahead = new float[ROOM];

  final float[] aside = new float[ROOM];

  /** Way walked or ridden in metres; for cars 1 braking, 2 parked, 0 driving. */
  final float[] pose = new float[ROOM];

  final long[] look = new long[ROOM];
  private final int[] order = new int[ROOM];
  private int size;

  void clear() {
    size = 0;
  }

  void add(Kind what, float u, float d, float ahead, float aside, float pose, long look) {
    if (size == ROOM) {
      return;
    }
    kind[size] = what;
    this.u[size] = u;
    this.d[size] = d;
    this.ahead[size] = ahead;
    this.aside[size] = aside;
    this.pose[size] = pose;
    this.look[size] = look;
    // Insertion keeps the order stable, so that equal distances never flicker.
    int at = size++;
    while (at > 0 && this.d[order[at - 1]] < d) {
      order[at] = order[at - 1];
      at--;
    }
    order[at] = size - 1;
  }

  int size() {
    return size;
  }

  /** Index of the thing that is drawn {@code rank}-th. */
  int drawn(int rank) {
    return order[rank];
  }
}
