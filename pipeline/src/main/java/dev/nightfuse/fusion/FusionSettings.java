package dev.nightfuse.fusion;

import dev.nightfuse.camera.Pacing;

/**
 * How a rig's pairs are fused.
 *
 * @param pacing {@link Pacing#LIVE} drops a pair when no memory is free and blends when the engine
 *     fails; {@link Pacing#AS_TAKEN} waits for memory and reports the failure
 * @param poolFrames fused pictures that may be on their way at a time, 2 to 64
 * @param outsideLuma infrared value where the infrared camera does not see, 0 to 255
 * @param noiseReduction whether noise is held still, by {@link NoiseReducer}
 */
public record FusionSettings(
    Pacing pacing, int poolFrames, int outsideLuma, boolean noiseReduction) {

  public FusionSettings {
    if (poolFrames < 2 || poolFrames > 64) {
      throw new IllegalArgumentException(
          "pool of %d fused frames: 2 to 64 are allowed".formatted(poolFrames));
    }
    if (outsideLuma < 0 || outsideLuma > 255) {
      throw new IllegalArgumentException(
          "infrared value %d outside the picture: 0 to 255 are allowed".formatted(outsideLuma));
    }
  }

  public static FusionSettings live() {
    return new FusionSettings(Pacing.LIVE, 12, 0, true);
  }

  public static FusionSettings asTaken() {
    return new FusionSettings(Pacing.AS_TAKEN, 12, 0, true);
  }

  public FusionSettings withNoiseReduction(boolean wanted) {
    return new FusionSettings(pacing, poolFrames, outsideLuma, wanted);
  }

  boolean patient() {
    return pacing == Pacing.AS_TAKEN;
  }
}
