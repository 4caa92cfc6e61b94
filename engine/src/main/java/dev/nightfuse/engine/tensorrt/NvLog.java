package dev.nightfuse.engine.tensorrt;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BiConsumer;
import org.bytedeco.tensorrt.nvinfer.ILogger;

/**
 * What TensorRT says. The last errors are kept, because its calls tell only that they failed. Must
 * stay reachable as long as any TensorRT object lives; called on any thread.
 */
final class NvLog extends ILogger {

  /** How important a line is. */
  enum Level {
    ERROR,
    WARNING,
    INFO
  }

  private static final int KEPT = 4;

  private final BiConsumer<Level, String> listener;
  private final Deque<String> errors = new ArrayDeque<>();

  NvLog(BiConsumer<Level, String> listener) {
    this.listener = listener;
  }

  @Override
  public void log(Severity severity, String message) {
    // 0 internal error, 1 error, 2 warning, 3 info, 4 verbose: the same in every version.
    if (severity.value > 3) {
      return;
    }
    Level level =
        severity.value <= 1 ? Level.ERROR : severity.value == 2 ? Level.WARNING : Level.INFO;
    try {
      if (level == Level.ERROR) {
        keep(message);
      }
      listener.accept(level, message);
    } catch (RuntimeException e) {
      // Nothing may be thrown through TensorRT's own frames.
      keep(String.valueOf(e));
    }
  }

  private synchronized void keep(String message) {
    if (errors.size() == KEPT) {
      errors.remove();
    }
    errors.add(message);
  }

  /** The last errors, and forgets them. */
  synchronized String takeErrors() {
    String text = errors.isEmpty() ? "TensorRT gave no reason" : String.join("; ", errors);
    errors.clear();
    return text;
  }
}
