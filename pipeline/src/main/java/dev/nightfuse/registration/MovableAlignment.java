package dev.nightfuse.registration;

/**
 * An alignment that operators move over the visible picture while pictures are made: one
 * calibration is right for one distance, and a rig looks near today and far tomorrow. Any thread.
 */
public final class MovableAlignment implements Alignment {

  /** Farthest move in each direction; what needs more is no parallax. */
  public static final double FARTHEST_PX = 200;

  /**
   * A move of the infrared picture, in pixels of the visible one, undistorted where a lens is
   * known.
   *
   * @param rightPx negative to the left
   * @param downPx negative upwards
   */
  public record Shift(double rightPx, double downPx) {

    public static final Shift NONE = new Shift(0, 0);

    public Shift {
      if (!(Math.abs(rightPx) <= FARTHEST_PX && Math.abs(downPx) <= FARTHEST_PX)) {
        throw new IllegalArgumentException(
            "shift of %s, %s pixels: -%3$.0f to %3$.0f are allowed"
                .formatted(rightPx, downPx, FARTHEST_PX));
      }
    }
  }

  private record State(Shift shift, int version) {}

  private final Alignment base;
  private final Shift initial;
  private volatile State state;

  public MovableAlignment(Alignment base, Shift initial) {
    this.base = base;
    this.initial = initial;
    this.state = new State(initial, 0);
  }

  public Shift shift() {
    return state.shift;
  }

  /** What it began with. */
  public Shift initial() {
    return initial;
  }

  /** From the next picture on. */
  public synchronized void move(Shift shift) {
    state = new State(shift, state.version + 1);
  }

  @Override
  public int version() {
    return state.version;
  }

  @Override
  public Calibration at(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx) {
    return moved(base.at(infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx));
  }

  @Override
  public Calibration instead(
      int infraredWidthPx, int infraredHeightPx, int visibleWidthPx, int visibleHeightPx) {
    return moved(base.instead(infraredWidthPx, infraredHeightPx, visibleWidthPx, visibleHeightPx));
  }

  private Calibration moved(Calibration calibration) {
    Shift shift = state.shift;
    return calibration.shifted(shift.rightPx(), shift.downPx());
  }
}
