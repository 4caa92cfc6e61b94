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

  /** The same under another name of its backend. */
  public EngineSpec withBackend(String name) {
    return new EngineSpec(
        name, model, widthPx, heightPx, maxBatch, labelWidthPx, labelHeightPx, classes);
  }

  /** Whether planes for this engine are planes for the other, whatever runs them. */
  public boolean takesPlanesOf(EngineSpec other) {
    return widthPx == other.widthPx
        && heightPx == other.heightPx
        && labelWidthPx == other.labelWidthPx
        && labelHeightPx == other.labelHeightPx;
  }
}
