package dev.nightfuse.engine.model;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.UnaryOperator;

/** Writes checkpoints of any network with the generator's weights, tensor by tensor. */
final class GeneratedCheckpoint {

  private GeneratedCheckpoint() {}

  static void write(Path file, ImportOptions options) throws IOException {
    write(file, options, key -> key);
  }

  /**
   * @param rename the key to write, or an empty text to leave the tensor out
   */
  static void write(Path file, ImportOptions options, UnaryOperator<String> rename)
      throws IOException {
    FormulaModel.writeCheckpoint(file, options, rename);
  }
}
