package dev.nightfuse.engine.tensorrt;

import java.util.Arrays;

/**
 * One input or output of a plan, as the plan declares it.
 *
 * @param name its name in the graph
 * @param input whether it is an input
 * @param type element type as TensorRT names it, without the {@code k}: {@code UINT8}
 * @param shape sizes; -1 where a profile decides
 */
record PlanTensor(String name, boolean input, String type, long[] shape) {

  @Override
  public boolean equals(Object other) {
    return other instanceof PlanTensor that
        && name.equals(that.name)
        && input == that.input
        && type.equals(that.type)
        && Arrays.equals(shape, that.shape);
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return "%s %s %s".formatted(name, type, Arrays.toString(shape));
  }
}
