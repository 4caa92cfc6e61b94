package dev.nightfuse.engine;

import java.util.List;

/**
 * What {@code model.yaml} declares about an ONNX file.
 *
 * @param name name of the model in configuration and messages
 * @param sha256 of the ONNX file, lower-case hex
 * @param widthPx fixed width, or 0 when any multiple of {@code sizeMultiple} will do
 * @param heightPx fixed height, or 0 likewise
 * @param sizeMultiple sides must be multiples of this
 * @param labelScale picture pixels per label pixel along a side; 0 when the model does not segment
 * @param classes class names by label value; empty when the model does not segment
 * @param precision {@code fp32} or {@code fp16}
 * @param training what it was trained on and how, or "none: weights-free"
 * @param dataLicence licence of the training data
 */
public record ModelManifest(
    String name,
    String sha256,
    int widthPx,
    int heightPx,
    int sizeMultiple,
    int labelScale,
    List<String> classes,
    String precision,
    String training,
    String dataLicence) {

  public ModelManifest {
    classes = List.copyOf(classes);
  }
}
