package dev.nightfuse.engine;

import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * A graph whose inner numbers are looked at, off the live path. Belongs to one thread; must be
 * closed.
 */
public interface GraphProbe extends AutoCloseable {

  /** Opens graphs; a backend is behind it. */
  @FunctionalInterface
  interface Opener {

    /**
     * @throws EngineException when the backend is not there or refuses the graph
     */
    GraphProbe open(Path onnx) throws EngineException;
  }

  /**
   * Runs one pair and shows each output of numbers by its name. The numbers are valid until the
   * callback returns.
   *
   * @param planes direct buffers by input name, read from 0
   */
  void run(Map<String, ByteBuffer> planes, BiConsumer<String, FloatBuffer> seen)
      throws EngineException;

  @Override
  void close();
}
