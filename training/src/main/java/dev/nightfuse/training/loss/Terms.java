package dev.nightfuse.training.loss;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A loss as a weighted sum of named terms, kept apart so that each can be logged. A weight of 0
 * leaves a term out of the sum; callers avoid computing it.
 */
public final class Terms {

  private final Map<String, Tensor> values = new LinkedHashMap<>();
  private @Nullable Tensor total;

  public Terms add(String name, double weight, Tensor value) {
    values.put(name, value);
    Tensor weighted = weight == 1 ? value : value.mul(new Scalar(weight));
    total = total == null ? weighted : total.add(weighted);
    return this;
  }

  /** Lists another sum's terms as {@code name/term}, and adds nothing. */
  public Terms list(String name, Terms part) {
    part.values.forEach((key, value) -> values.put(name + "/" + key, value));
    return this;
  }

  /** Another sum becomes a part of this one; its terms are listed as {@code name/term}. */
  public Terms add(String name, double weight, Terms part) {
    return list(name, part).add(name, weight, part.total());
  }

  /** Without weights, in the order of adding. */
  public Map<String, Tensor> values() {
    return Collections.unmodifiableMap(values);
  }

  /** The sum, a number with a gradient. */
  public Tensor total() {
    if (total == null) {
      throw new IllegalStateException("a loss without terms");
    }
    return total;
  }
}
