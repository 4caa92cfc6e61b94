package dev.nightfuse.engine.network;

import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Weights by formula (hash of the key, splitmix64), of sizes that keep every network's values in
 * range: to run, measure and compare networks without any checkpoint. What they compute means
 * nothing.
 */
public final class FormulaWeights {

  private FormulaWeights() {}

  public static ParameterStore store() {
    return ParameterStore.generated(FormulaWeights::parameter);
  }

  static Parameter parameter(String key, Shape shape) {
    if (key.endsWith("pos_embed")) {
      return Parameter.of(key, shape, sineCosine(shape));
    }
    int count = Math.toIntExact(shape.elements());
    float[] values = new float[count];
    long seed = fnv1a64(key);
    for (int i = 0; i < count; i++) {
      values[i] = (float) value(key, shape, i, u(seed, i));
    }
    return Parameter.of(key, shape, values);
  }

  /**
   * MAE's table {@code [1, grid^2, width]}: the first half of the channels tells x, the second y,
   * each as sines, then cosines, of falling frequencies.
   */
  public static float[] sineCosine(Shape shape) {
    int tokens = shape.dim(1);
    int width = shape.dim(2);
    int grid = (int) Math.sqrt(tokens);
    int quarter = width / 4;
    float[] table = new float[tokens * width];
    for (int token = 0; token < tokens; token++) {
      for (int c = 0; c < width; c++) {
        int coordinate = c < 2 * quarter ? token % grid : token / grid;
        int k = c % quarter;
        double angle = coordinate * Math.pow(10000, -(double) k / quarter);
        table[token * width + c] =
            (float) (c / quarter % 2 == 0 ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }

  static long fnv1a64(String name) {
    long hash = 0xcbf29ce484222325L;
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }

  static double u(long seed, long i) {
    long z = seed + i + 0x9E3779B97F4A7C15L;
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    z ^= z >>> 31;
    return (z >>> 40) * 0x1p-23 - 1;
  }

  private static double value(String key, Shape shape, int i, double u) {
    String leaf = key.substring(key.lastIndexOf('.') + 1);
    return switch (leaf) {
      case "running_mean", "lower", "upper", "log_s" -> 0.1 * u;
      case "running_var" -> 1 + 0.5 * Math.abs(u);
      case "p" -> {
        int k = shape.dim(0);
        yield i % k == (5 * (i / k) + 3) % k ? 1 : 0;
      }
      case "sign_s" -> u < 0 ? -1 : 1;
      case "T_c" -> exchangeWidth(key) * (1 + 0.1 * u);
      case "temperature" -> 1 + 0.1 * u;
      case "gamma" -> 0.1 + 0.05 * u;
      case "bias", "in_proj_bias" -> 0.01 * u;
      default ->
          shape.rank() == 1
              ? 1 + 0.1 * u
              : Math.sqrt(gain(key) / (shape.elements() / (double) shape.dim(0))) * u;
    };
  }

  /** DEM's gate has its temperature near the width of its stage. */
  public static float exchangeWidth(String key) {
    for (String part : Set.of("EAEF2:64", "EAEF3:256", "EAEF4:512", "EAEF5:1024")) {
      String[] nameAndWidth = part.split(":", 2);
      if (key.contains(nameAndWidth[0])) {
        return Integer.parseInt(nameAndWidth[1]);
      }
    }
    throw new IllegalArgumentException("temperature of an unknown exchange: " + key);
  }

  private static double gain(String key) {
    if (key.startsWith("fuse_decoder.")) {
      return 0.75;
    }
    if (key.startsWith("seg_decoder.") || (key.startsWith("encoder.") && !key.contains("_layer"))) {
      return 6;
    }
    return 3;
  }
}
