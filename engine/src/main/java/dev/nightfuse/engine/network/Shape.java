package dev.nightfuse.engine.network;

import java.util.Arrays;

/**
 * Sizes of a tensor. Dimension 0 of pictures is the batch and may be {@link #DYNAMIC}; every other
 * dimension is known when a network is written, so graphs carry no shape arithmetic.
 */
public final class Shape {

  /** A batch size that is decided at run time. */
  public static final int DYNAMIC = -1;

  private final int[] dims;

  private Shape(int[] dims) {
    this.dims = dims;
  }

  public static Shape of(int... dims) {
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] < 1 && !(i == 0 && dims[i] == DYNAMIC)) {
        throw new IllegalArgumentException("not a tensor shape: " + Arrays.toString(dims));
      }
    }
    return new Shape(dims.clone());
  }

  public int rank() {
    return dims.length;
  }

  /** Size along an axis; a negative axis counts from the end. */
  public int dim(int axis) {
    return dims[axis(axis)];
  }

  /** The axis as an index from 0. */
  public int axis(int axis) {
    int index = axis < 0 ? axis + dims.length : axis;
    if (index < 0 || index >= dims.length) {
      throw new IllegalArgumentException("axis " + axis + " of a tensor " + this);
    }
    return index;
  }

  public Shape with(int axis, int size) {
    int[] changed = dims.clone();
    changed[axis(axis)] = size;
    return of(changed);
  }

  public int[] toArray() {
    return dims.clone();
  }

  public boolean dynamic() {
    return dims.length > 0 && dims[0] == DYNAMIC;
  }

  /** Number of elements, for one sample when the batch is dynamic. */
  public long elements() {
    long n = 1;
    for (int d : dims) {
      n *= d == DYNAMIC ? 1 : d;
    }
    return n;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Shape s && Arrays.equals(dims, s.dims);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(dims);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("[");
    for (int i = 0; i < dims.length; i++) {
      text.append(i == 0 ? "" : ",").append(dims[i] == DYNAMIC ? "N" : Integer.toString(dims[i]));
    }
    return text.append(']').toString();
  }
}
