package dev.nightfuse.engine;

import java.util.List;

/**
 * What {@code model.yaml} declares about an ONNX file.
 *
 * @param name name of the model in configuration and messages
 * @param sha256 of the ONNX file, lower-case hex
 * @param inputs planes the graph reads, of {@code visible_y, visible_u, visible_v, infrared}
 * @param widthPx fixed width, or 0 when any multiple of {@code sizeMultiple} will do
 * @param heightPx fixed height, or 0 likewise
 * @param sizeMultiple sides must be multiples of this
 * @param labelScale picture pixels per label pixel along a side; 0 when the model does not segment
 * @param classes class names by label value; empty when the model does not segment
 * @param palette colour of each class as 0xRRGGBB; as long as {@code classes}
 * @param fullRange whether a model that reads colour takes and gives luma of 0 to 255, as files
 *     have it; otherwise of 16 to 235, as video has it. A model that reads luma alone gives back
 *     the range that it gets
 * @param precision {@code fp32}, {@code fp16} or {@code int8}
 * @param accuracy how far the outputs are from those of the FP32 graph, as measured when the file
 *     was made; empty when it is that graph
 * @param limits how near an engine must come to the FP32 outputs recorded beside the file
 * @param multiplyAdds of one pair, for figures of throughput; 0 when not known
 * @param training what it was trained on and how, or "none: weights-free"
 * @param dataLicence licence of the training data
 */
public record ModelManifest(
    String name,
    String sha256,
    List<String> inputs,
    int widthPx,
    int heightPx,
    int sizeMultiple,
    int labelScale,
    List<String> classes,
    List<Integer> palette,
    boolean fullRange,
    String precision,
    String accuracy,
    CheckLimits limits,
    long multiplyAdds,
    String training,
    String dataLicence) {

  /** Input and output names of the model file contract. */
  public static final String VISIBLE_Y = "visible_y";

  public static final String VISIBLE_U = "visible_u";
  public static final String VISIBLE_V = "visible_v";
  public static final String INFRARED = "infrared";
  public static final String FUSED_Y = "fused_y";
  public static final String LABELS = "labels";

  /** Of the FP32 graph itself, with the usual limits. */
  public ModelManifest(
      String name,
      String sha256,
      List<String> inputs,
      int widthPx,
      int heightPx,
      int sizeMultiple,
      int labelScale,
      List<String> classes,
      List<Integer> palette,
      String precision,
      String training,
      String dataLicence) {
    this(
        name,
        sha256,
        inputs,
        widthPx,
        heightPx,
        sizeMultiple,
        labelScale,
        classes,
        palette,
        false,
        precision,
        "",
        CheckLimits.DEFAULT,
        0,
        training,
        dataLicence);
  }

  public ModelManifest {
    inputs = List.copyOf(inputs);
    classes = List.copyOf(classes);
    palette = List.copyOf(palette);
    if (classes.size() != palette.size()) {
      throw new IllegalArgumentException(
          "model %s: %d classes, %d colours".formatted(name, classes.size(), palette.size()));
    }
  }

  public boolean segments() {
    return labelScale > 0;
  }
}
