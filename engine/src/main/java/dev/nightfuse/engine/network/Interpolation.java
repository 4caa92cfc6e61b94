package dev.nightfuse.engine.network;

/** How a picture is resized. Positions are those of the frameworks the papers' code uses. */
public enum Interpolation {
  /** Source index is floor(destination * in / out). */
  NEAREST,
  /** Bilinear, pixel centres at half positions, edges clamped ({@code align_corners=False}). */
  BILINEAR,
  /** Bilinear, corner pixels fall on corner pixels ({@code align_corners=True}). */
  BILINEAR_ALIGNED,
  /** Cubic with a = -0.75, pixel centres at half positions, edges clamped. */
  BICUBIC
}
