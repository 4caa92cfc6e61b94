package dev.nightfuse.training.torch;

import dev.nightfuse.engine.network.Shape;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/** First values of parameters, by key and shape. */
@FunctionalInterface
public interface Initialiser {

  float[] values(String key, Shape shape);

  /**
   * He et al.'s normal values for kernels (fan in, gain of ReLU), norms that change nothing, biases
   * of zero. A parameter's values follow from the seed and its own key, so a network that gains a
   * layer keeps the others.
   */
  static Initialiser seeded(long seed) {
    return (key, shape) -> {
      float[] values = new float[Math.toIntExact(shape.elements())];
      String leaf = key.substring(key.lastIndexOf('.') + 1);
      if (shape.rank() < 2) {
        boolean one = leaf.equals("weight") || leaf.equals("running_var") || leaf.equals("sign_s");
        Arrays.fill(values, one ? 1 : 0);
        return values;
      }
      if (leaf.equals("p")) {
        for (int i = 0; i < shape.dim(0); i++) {
          values[i * shape.dim(0) + i] = 1;
        }
        return values;
      }
      SplittableRandom random = new SplittableRandom(seed ^ hash(key));
      double deviation = Math.sqrt(2.0 * shape.dim(0) / shape.elements());
      for (int i = 0; i < values.length; i++) {
        values[i] = (float) (deviation * random.nextGaussian());
      }
      return values;
    };
  }

  private static long hash(String key) {
    long hash = 1469598103934665603L;
    for (byte b : key.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (b & 0xff)) * 1099511628211L;
    }
    return hash;
  }
}
