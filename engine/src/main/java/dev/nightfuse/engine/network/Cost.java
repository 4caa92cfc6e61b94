package dev.nightfuse.engine.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a part of a network costs, step by step in execution order.
 *
 * @param steps the steps that the asked outputs depend on
 * @param tensors what must be loaded to run them, by key, in the order of first use
 */
public record Cost(List<Step> steps, Map<String, Tensor> tensors) {

  /**
   * A stored tensor.
   *
   * @param learned false for what training does not descend on: running statistics, permutations
   */
  public record Tensor(Shape shape, boolean learned) {}

  /**
   * One operation.
   *
   * @param op what it does, such as {@code conv} or {@code batchNorm}
   * @param name prefix of its parameters, or empty
   * @param input shape of its first operand
   * @param output shape of its result
   * @param multiplyAdds of convolutions and matrix products; 0 for others
   */
  public record Step(String op, String name, Shape input, Shape output, long multiplyAdds) {}

  public Cost {
    steps = List.copyOf(steps);
    tensors = Collections.unmodifiableMap(new LinkedHashMap<>(tensors));
  }

  /** Learned values; a tensor counts once, however often it is used. */
  public long parameters() {
    return tensors.values().stream()
        .filter(Tensor::learned)
        .mapToLong(tensor -> tensor.shape().elements())
        .sum();
  }

  /** Of convolutions and matrix products, for one sample where the batch is dynamic. */
  public long multiplyAdds() {
    return steps.stream().mapToLong(Step::multiplyAdds).sum();
  }
}
