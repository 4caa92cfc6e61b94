package dev.nightfuse.dashboard;

import java.util.List;

/**
 * What an operator may change while the program runs. The dashboard has checked every argument
 * against {@link #rigs()}, {@link #overlay}, {@link #palettes()} and {@link #shift} before it calls
 * a setter.
 *
 * <p>Called from one worker thread of the dashboard, recordings from another: {@link
 * #startRecording} and {@link #stopRecording} may wait for a disk, everything else never waits.
 * Changes are seen by the next getter call.
 */
public interface DashboardControls {

  /** Names of all rigs, in the order of the configuration. */
  List<String> rigs();

  Overlay overlay(String rig);

  void setClassShown(String rig, String className, boolean shown);

  /** Sets how strongly the classes tint the picture, from 0 (not at all) to 1. */
  void setOverlayOpacity(String rig, double opacity);

  /** False-colour palettes of the infrared view, the same for all rigs. */
  List<Palette> palettes();

  /** Name of the palette in use. */
  String palette(String rig);

  void setPalette(String rig, String paletteName);

  /** How the infrared picture is moved over the visible one. */
  Shift shift(String rig);

  /** Moves it from where registration alone has it, in pixels of the visible picture. */
  void setShift(String rig, double rightPx, double downPx);

  /** Starts recording; does nothing when it records already. */
  void startRecording(String rig) throws RefusedException;

  /** Ends the recording and closes its file; does nothing when none runs. */
  void stopRecording(String rig) throws RefusedException;

  /** What was recorded; any thread, does not wait. */
  DashboardRecordings recordings(String rig);

  /**
   * The class overlay of a rig.
   *
   * @param classes in the order of the legend; empty when the model does not segment
   * @param opacity 0 to 1
   */
  record Overlay(List<OverlayClass> classes, double opacity) {}

  /**
   * One class of the legend.
   *
   * @param color as painted on the picture, {@code #rrggbb}
   */
  record OverlayClass(String name, String color, boolean shown) {}

  /**
   * One palette.
   *
   * @param colors samples from cold to hot, at least two, {@code #rrggbb}
   */
  record Palette(String name, List<String> colors) {}

  /**
   * A move of the infrared picture, in pixels of the visible one.
   *
   * @param shiftPx right and down
   * @param configuredPx what the program began with
   * @param farthestPx greatest move in each direction
   */
  record Shift(List<Double> shiftPx, List<Double> configuredPx, double farthestPx) {}

  /** The state of the machine does not allow it now; the message says why, for the operator. */
  final class RefusedException extends Exception {

    private static final long serialVersionUID = 1L;

    public RefusedException(String message) {
      super(message);
    }
  }
}
