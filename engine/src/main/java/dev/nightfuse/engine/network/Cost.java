package dev.nightfuse.engine.network;

import java.util.List;

/**
 * What a part of a network costs, step by step in execution order.
 *
 * @param steps the steps that the asked outputs depend on
 * @param parameters keys of parameters are counted once, however often they are used
 */
public record Cost(List<Step> steps, long parameters) {

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
  }

  /** Of convolutions and matrix products, for one sample where the batch is dynamic. */
  public long multiplyAdds() {
    return steps.stream().mapToLong(Step::multiplyAdds).sum();
  }
}
