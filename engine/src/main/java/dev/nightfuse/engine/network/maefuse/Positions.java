package dev.nightfuse.engine.network.maefuse;

import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.Shape;

/** Position tables of checkpoints, for the grid at hand. */
final class Positions {

  private Positions() {}

  /**
   * The stored table {@code [1, grid^2, width]} as {@code [1, rows * columns, width]}, interpolated
   * where they differ.
   */
  static <T> T table(Ops<T> ops, String key, int width, int grid, int rows, int columns) {
    T stored = ops.parameter(key, Shape.of(1, grid * grid, width));
    if (rows == grid && columns == grid) {
      return stored;
    }
    T picture = ops.permute(ops.reshape(stored, 1, grid, grid, width), 0, 3, 1, 2);
    T resized = ops.resize(picture, rows, columns, Interpolation.BILINEAR);
    return ops.permute(ops.reshape(resized, 1, width, rows * columns), 0, 2, 1);
  }
}
