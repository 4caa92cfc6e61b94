package dev.nightfuse.config;

import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.overlay.ThermalPalette;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.stream.View;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One pair of cameras and what is made of it.
 *
 * @param name part of every address, metric and file name of the rig
 * @param noiseReduction whether noise of the fused picture is held still from frame to frame
 * @param palette colours of the infrared view
 */
public record RigConfig(
    String name,
    Camera visible,
    Camera infrared,
    Sync sync,
    Registration registration,
    boolean noiseReduction,
    ThermalPalette palette,
    Encoder encoder,
    Overlay overlay,
    Recording recording) {

  /** This rig with another name and other cameras, for commands that are given cameras. */
  public RigConfig withCameras(String otherName, CameraUri visibleUri, CameraUri infraredUri) {
    return new RigConfig(
        otherName,
        new Camera(visibleUri, visible.offsetMs()),
        new Camera(infraredUri, infrared.offsetMs()),
        sync,
        registration,
        noiseReduction,
        palette,
        encoder,
        overlay,
        recording);
  }

  /** This rig with another registration. */
  public RigConfig withRegistration(Registration other) {
    return new RigConfig(
        name, visible, infrared, sync, other, noiseReduction, palette, encoder, overlay, recording);
  }

  /**
   * One camera.
   *
   * @param uri where it is
   * @param offsetMs measured delay of its capture times; taken off before frames are matched
   */
  public record Camera(CameraUri uri, double offsetMs) {

    public long offsetNs() {
      return Units.msToNs(offsetMs);
    }
  }

  /**
   * How frames of the two cameras are matched.
   *
   * @param toleranceMs largest difference of capture times within a pair
   * @param waitMs how long a frame waits for its partner
   * @param maxHoldMs how long the last infrared frame is shown again when no new one comes
   * @param ffcHoldMs the same during flat-field correction
   */
  public record Sync(double toleranceMs, double waitMs, double maxHoldMs, double ffcHoldMs) {

    public long toleranceNs() {
      return Units.msToNs(toleranceMs);
    }

    public long waitNs() {
      return Units.msToNs(waitMs);
    }

    public long maxHoldNs() {
      return Units.msToNs(maxHoldMs);
    }

    public long ffcHoldNs() {
      return Units.msToNs(ffcHoldMs);
    }
  }

  /**
   * How infrared pixels are laid onto visible pixels. At most one of calibration and homography is
   * given; neither means that the pictures only differ in size.
   *
   * @param calibration calibration file, absolute, or null
   * @param homography infrared to visible pixels as the cameras deliver them, row-major 3x3, or
   *     empty
   * @param shift farther than these say
   */
  public record Registration(
      @Nullable Calibration calibration, List<Double> homography, MovableAlignment.Shift shift) {

    public Registration {
      homography = List.copyOf(homography);
    }
  }

  /**
   * How views are encoded.
   *
   * @param name encoder element, or {@code auto} for the first that works here
   * @param bitrateKbit mean bit rate of one view in kbit/s
   * @param preset speed preset of the software encoder
   * @param keyIntervalS time between key frames
   */
  public record Encoder(String name, int bitrateKbit, String preset, double keyIntervalS) {}

  /**
   * What the overlay view shows at start; viewers change it at run time.
   *
   * @param classes names of the classes to tint; empty means all that the model knows
   * @param opacity 0 (nothing) to 1 (full tint)
   */
  public record Overlay(List<String> classes, double opacity) {

    public Overlay {
      classes = List.copyOf(classes);
    }
  }

  /**
   * What is recorded, and where.
   *
   * @param directory folder of the segments, absolute; the rig's name is a folder in it
   * @param view which view is recorded
   * @param segmentS length of one file
   * @param onStart whether recording begins with the program
   * @param keepGb size of the rig's recordings beyond which the oldest are deleted; 0 for no limit
   * @param deleteWhenFull whether the oldest are deleted when the disk is full
   * @param pairsEveryS while recording, an aligned pair of pictures is kept this often; 0 for none
   */
  public record Recording(
      Path directory,
      View view,
      int segmentS,
      boolean onStart,
      double keepGb,
      boolean deleteWhenFull,
      double pairsEveryS) {

    public long keepBytes() {
      return Math.round(keepGb * 1e9);
    }

    public long pairsEveryNs() {
      return Units.msToNs(1000 * pairsEveryS);
    }
  }
}
