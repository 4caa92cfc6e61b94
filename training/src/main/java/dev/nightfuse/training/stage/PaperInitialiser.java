package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.FormulaWeights;
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
      case "pos_embed", "decoder_pos_embed" -> FormulaWeights.sineCosine(shape);
      case "T_c" -> filled(shape, FormulaWeights.exchangeWidth(key));
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
}
