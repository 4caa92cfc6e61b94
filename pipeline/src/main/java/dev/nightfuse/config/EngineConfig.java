package dev.nightfuse.config;

import java.util.List;

/**
 * How pairs are fused.
 *
 * @param backend name of the backend: {@code onnxruntime} or {@code tensorrt}
 * @param model name of a built-in model, or path of a model folder or ONNX file
 * @param fallback backends to try, in this order, when the first cannot work here; empty means that
 *     the start fails instead
 * @param threads CPU threads for one inference
 * @param batchWaitMs how long a pair may wait for pairs of other rigs to share a batch
 */
public record EngineConfig(
    String backend, String model, List<String> fallback, int threads, double batchWaitMs) {

  public EngineConfig {
    fallback = List.copyOf(fallback);
  }

  public long batchWaitNs() {
    return Units.msToNs(batchWaitMs);
  }
}
