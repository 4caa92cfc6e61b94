package dev.nightfuse.supervise;

/**
 * How patient a supervisor is; with a camera that says it is slower, or is seen to be, more so.
 *
 * @param connectMs longest time from opening to the first frame
 * @param silenceMs longest time between frames before the camera counts as lost, more than 100; see
 *     {@link dev.nightfuse.camera.SilenceLimit}
 * @param ffcMs the same while flat-field correction goes on
 * @param frozenMs longest time for which a camera may repeat one picture before it is opened again
 * @param firstRetryMs pause before the first new attempt; doubles with every failure
 * @param longestRetryMs bound of that pause
 * @param hangMs how long an attempt that was told to stop may take before it is left behind
 */
public record SupervisorTimes(
    long connectMs,
    long silenceMs,
    long ffcMs,
    long frozenMs,
    long firstRetryMs,
    long longestRetryMs,
    long hangMs) {

  /** Loss shows within a second, and a camera that is back is seen within three. */
  public static final SupervisorTimes DEFAULT =
      new SupervisorTimes(10_000, 1_000, 5_000, 30_000, 250, 3_000, 1_500);
}
