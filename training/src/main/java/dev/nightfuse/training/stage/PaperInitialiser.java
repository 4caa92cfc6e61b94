package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.torch.Initialiser;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * First values of the parameters of MAFS and MaeFuse that are neither kernels nor norms; everything
 * else as {@link Initialiser#seeded} gives it.
 */
public final class PaperInitialiser implements Initialiser {

  private final long seed;
  private final Initialiser others;

  public PaperInitialiser(long seed) {
    this.seed = seed;
    this.others = Initialiser.seeded(seed);
  }

  @Override
  public float[] values(String key, Shape shape) {
    String leaf = key.substring(key.lastIndexOf('.') + 1);
    return switch (leaf) {
      case "pos_embed", "decoder_pos_embed" -> sineCosine(shape);
      case "T_c" -> filled(shape, exchangeWidth(key));
      case "temperature" -> filled(shape, 1);
      // Glow starts from a rotation; a shuffle mixes the halves as well and needs no decomposition.
      case "p" -> shuffle(key, shape.dim(0));
      case "lower", "upper" -> filled(shape, 0);
      default -> others.values(key, shape);
    };
  }

  private static float[] filled(Shape shape, float value) {
    float[] values = new float[Math.toIntExact(shape.elements())];
    Arrays.fill(values, value);
    return values;
  }

  /** DEM starts its gate's temperature at the width of the stage. */
  private static float exchangeWidth(String key) {
    String[] widths = {"EAEF2", "64", "EAEF3", "256", "EAEF4", "512", "EAEF5", "1024"};
    for (int i = 0; i < widths.length; i += 2) {
      if (key.contains(widths[i])) {
        return Float.parseFloat(widths[i + 1]);
      }
    }
    throw new IllegalArgumentException("temperature of an unknown exchange: " + key);
  }

  private float[] shuffle(String key, int n) {
    SplittableRandom random = new SplittableRandom(Seeds.mix(seed, key.hashCode()));
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    float[] matrix = new float[n * n];
    for (int i = 0; i < n; i++) {
      matrix[i * n + order[i]] = 1;
    }
    return matrix;
  }

  /**
   * MAE's table {@code [1, grid^2, width]}: the first half of the channels tells x, the second y,
   * each as sines, then cosines, of falling frequencies.
   */
  private static float[] sineCosine(Shape shape) {
    int tokens = shape.dim(1);
    int width = shape.dim(2);
    int grid = (int) Math.round(Math.sqrt(tokens));
    int quarter = width / 4;
    float[] table = new float[tokens * width];
    for (int token = 0; token < tokens; token++) {
      for (int c = 0; c < width; c++) {
        int coordinate = c < width / 2 ? token % grid : token / grid;
        double angle = coordinate * Math.pow(10000, -(double) (c % quarter) / quarter);
        boolean sine = c / quarter % 2 == 0;
        table[token * width + c] = (float) (sine ? Math.sin(angle) : Math.cos(angle));
      }
    }
    return table;
  }
}
