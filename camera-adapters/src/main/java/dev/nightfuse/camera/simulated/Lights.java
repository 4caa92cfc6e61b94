package dev.nightfuse.camera.simulated;

import java.util.Arrays;

/**
 * Light on the road: our own low beam (fixed in the picture) and pools from lamps and other cars'
 * headlights, on a coarse grid that the ground painter interpolates. Levels are per unit
 * reflectance in 1/4096 of white.
 */
final class Lights {

  static final float AMBIENT = 26;
  private static final int MAX_POOLS = 32;

  private final float[] poolU = new float[MAX_POOLS];
  private final float[] poolD = new float[MAX_POOLS];
  private final float[] poolInverseU = new float[MAX_POOLS];
  private final float[] poolInverseD = new float[MAX_POOLS];
  private final float[] poolLight = new float[MAX_POOLS];
  private final float[] poolWarmth = new float[MAX_POOLS];
  private int pools;

  void clear() {
    pools = 0;
  }

  /** A pool of light around a point of the road; warmth 0 is white, 1 is sodium orange. */
  void pool(float u, float d, float radiusU, float radiusD, float light, float warmth) {
    if (pools == MAX_POOLS) {
      return;
    }
    poolU[pools] = u;
    poolD[pools] = d;
    poolInverseU[pools] = 1 / (radiusU * radiusU);
    poolInverseD[pools] = 1 / (radiusD * radiusD);
    poolLight[pools] = light;
    poolWarmth[pools] = warmth;
    pools++;
  }

  /** Light on a row of ground points at distance {@code d}, {@code u[i]} to the right. */
  void groundRow(float[] u, int n, float d, float[] light, float[] warm) {
    Arrays.fill(light, 0, n, AMBIENT);
    Arrays.fill(warm, 0, n, 0);
    for (int p = 0; p < pools; p++) {
      float along = (d - poolD[p]) * (d - poolD[p]) * poolInverseD[p];
      if (along > 30) {
        continue;
      }
      float centre = poolU[p];
      float inverse = poolInverseU[p];
      float strength = poolLight[p];
      float warmth = strength * poolWarmth[p];
      for (int i = 0; i < n; i++) {
        float across = u[i] - centre;
        float q = 1 + along + across * across * inverse;
        float e = 1 / (q * q);
        light[i] += strength * e;
        warm[i] += warmth * e;
      }
    }
  }

  /** Light that falls on an upright thing, our own beam left out. */
  float around(float u, float d) {
    float sum = AMBIENT;
    for (int p = 0; p < pools; p++) {
      float du = u - poolU[p];
      float dd = d - poolD[p];
      float q = 1 + du * du * poolInverseU[p] + dd * dd * poolInverseD[p];
      sum += poolLight[p] / (q * q);
    }
    return sum;
  }

  /**
   * Our low beam on an upright thing: bright below the cut-off, which rises to the right and sinks
   * to the left of the lane.
   */
  static float beam(float fromEyeU, float h, float d) {
    float depth = Math.max(d, 1);
    float azimuth = fromEyeU / depth;
    float cutoff = 0.75f + (azimuth > 0 ? 0.012f : -0.006f) * depth;
    float over = (h - cutoff) / (0.25f + 0.012f * depth);
    float vertical = over <= 0 ? 1 : 0.13f + 0.87f / (1 + over * over * 2.2f);
    float sideways = azimuth / 0.42f;
    float spread = 1 / (1 + sideways * sideways * sideways * sideways);
    float reach = depth / 15;
    return 2600 * vertical * spread / (1 + reach * reach);
  }

  /** Our low beam on the road, the same picture whatever the place. */
  static float beamOnRoad(float fromEyeU, float d) {
    float azimuth = fromEyeU / Math.max(d, 1);
    float sideways = (azimuth - 0.03f) / 0.36f;
    float spread = 1 / (1 + sideways * sideways * sideways * sideways);
    float reach = d / (azimuth > 0 ? 17f : 13f);
    float near = d * d / (d * d + 22);
    return 2900 * spread * near / (1 + reach * reach * reach);
  }
}
