package dev.nightfuse.engine;

import java.util.List;

/**
 * What an open engine takes and gives.
 *
 * @param backend name of the backend and where it runs, such as {@code onnxruntime (cpu)}
 * @param model name of the model
 * @param widthPx width of input and fused planes
 * @param heightPx height of input and fused planes
 * @param maxBatch most pairs in one call
 * @param labelWidthPx width of the label map; 0 when the model does not segment
 * @param labelHeightPx height of the label map; 0 when the model does not segment
 * @param classes class names by label value; empty when the model does not segment
 */
public record EngineSpec(
    String backend,
    String model,
    int widthPx,
    int heightPx,
    int maxBatch,
    int labelWidthPx,
    int labelHeightPx,
    List<String> classes) {

  public EngineSpec {
    classes = List.copyOf(classes);
  }

  public boolean segments() {
    return labelWidthPx > 0;
  }
}
