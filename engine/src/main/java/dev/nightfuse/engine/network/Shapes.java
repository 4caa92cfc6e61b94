package dev.nightfuse.engine.network;

import java.util.List;

/** Shapes of results, shared by every reading of a network; refuses operands that do not fit. */
public final class Shapes {

  private Shapes() {}

  public static Shape conv(Shape x, Conv spec) {
    requireRank(x, 4, "convolution");
    spec.weightShape(x.dim(1));
    return picture(
        x, spec.out(), spec.outSize(x.dim(2)), spec.outSize(x.dim(3)), "convolution " + spec);
  }

  public static Shape pool(Shape x, Pool spec) {
    requireRank(x, 4, "pooling");
    return picture(x, x.dim(1), spec.outSize(x.dim(2)), spec.outSize(x.dim(3)), "pooling " + spec);
  }

  public static Shape resize(Shape x, int height, int width) {
    requireRank(x, 4, "resize");
    return x.with(2, height).with(3, width);
  }

  public static Shape pad(Shape x, int top, int left, int bottom, int right) {
    requireRank(x, 4, "padding");
    return x.with(2, x.dim(2) + top + bottom).with(3, x.dim(3) + left + right);
  }

  public static Shape spaceToDepth(Shape x, int block) {
    requireRank(x, 4, "space to depth");
    if (x.dim(2) % block != 0 || x.dim(3) % block != 0) {
      throw new IllegalArgumentException(x + " does not divide into blocks of " + block);
    }
    return picture(x, x.dim(1) * block * block, x.dim(2) / block, x.dim(3) / block, "blocks");
  }

  public static Shape depthToSpace(Shape x, int block) {
    requireRank(x, 4, "depth to space");
    if (x.dim(1) % (block * block) != 0) {
      throw new IllegalArgumentException(x + " has no channels for blocks of " + block);
    }
    return picture(x, x.dim(1) / (block * block), x.dim(2) * block, x.dim(3) * block, "blocks");
  }

  /** Broadcasting as NumPy does it; a dynamic batch goes with itself and with 1. */
  public static Shape broadcast(Shape a, Shape b) {
    int rank = Math.max(a.rank(), b.rank());
    int[] dims = new int[rank];
    for (int i = 1; i <= rank; i++) {
      int da = i <= a.rank() ? a.dim(-i) : 1;
      int db = i <= b.rank() ? b.dim(-i) : 1;
      if (da != db && da != 1 && db != 1) {
        throw new IllegalArgumentException(a + " and " + b + " do not broadcast");
      }
      dims[rank - i] = da == 1 ? db : da;
    }
    return Shape.of(dims);
  }

  public static Shape matmul(Shape a, Shape b) {
    if (a.rank() < 2 || b.rank() < 2 || a.dim(-1) != b.dim(-2)) {
      throw new IllegalArgumentException("matrix product of " + a + " and " + b);
    }
    Shape batch = broadcast(a.with(-2, 1).with(-1, 1), b.with(-2, 1).with(-1, 1));
    return batch.with(-2, a.dim(-2)).with(-1, b.dim(-1));
  }

  public static Shape reduce(Shape x, int... axes) {
    Shape result = x;
    for (int axis : axes) {
      result = result.with(axis, 1);
    }
    return result;
  }

  public static Shape reshape(Shape x, int... dims) {
    int[] target = dims.clone();
    if (x.dynamic()) {
      target[0] = Shape.DYNAMIC;
    }
    Shape result = Shape.of(target);
    if (result.elements() != x.elements()) {
      throw new IllegalArgumentException(x + " does not reshape to " + result);
    }
    return result;
  }

  public static Shape permute(Shape x, int... axes) {
    int[] dims = new int[axes.length];
    boolean[] seen = new boolean[x.rank()];
    if (axes.length != x.rank()) {
      throw new IllegalArgumentException(axes.length + " axes for " + x);
    }
    for (int i = 0; i < axes.length; i++) {
      int axis = x.axis(axes[i]);
      if (seen[axis]) {
        throw new IllegalArgumentException("axis " + axis + " twice for " + x);
      }
      seen[axis] = true;
      dims[i] = x.dim(axis);
    }
    return Shape.of(dims);
  }

  public static Shape concat(int axis, List<Shape> parts) {
    Shape first = parts.get(0);
    int total = 0;
    for (Shape part : parts) {
      if (part.rank() != first.rank() || !part.with(axis, 1).equals(first.with(axis, 1))) {
        throw new IllegalArgumentException("concatenation of " + parts + " along " + axis);
      }
      total += part.dim(axis);
    }
    return first.with(axis, total);
  }

  public static Shape slice(Shape x, int axis, int from, int to) {
    if (from < 0 || to > x.dim(axis) || from >= to) {
      throw new IllegalArgumentException("slice %d..%d of %s".formatted(from, to, x));
    }
    return x.with(axis, to - from);
  }

  private static Shape picture(Shape x, int channels, int height, int width, String what) {
    if (height < 1 || width < 1) {
      throw new IllegalArgumentException(what + " leaves nothing of " + x);
    }
    return Shape.of(x.dim(0), channels, height, width);
  }

  private static void requireRank(Shape x, int rank, String what) {
    if (x.rank() != rank) {
      throw new IllegalArgumentException(what + " of " + x + ", expected rank " + rank);
    }
  }
}
