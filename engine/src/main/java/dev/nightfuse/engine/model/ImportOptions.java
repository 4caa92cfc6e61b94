package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import org.jspecify.annotations.Nullable;

/**
 * What is made of a checkpoint.
 *
 * @param network whose checkpoint it is
 * @param part which outputs
 * @param classes semantic classes; 0 reads the number from the checkpoint
 * @param widthPx width of the pictures
 * @param heightPx height of the pictures
 * @param half FP16 weights and activations
 * @param batch pairs per call, or {@link Shape#DYNAMIC}
 * @param attention reading of MaeFuse's fusion layer
 * @param raw float tensors in and out, without pre- and post-processing
 * @param calibration makes an INT8 model; null leaves the precision as {@code half} says
 * @param fullRange luma of 0 to 255, as files have it, instead of video's 16 to 235
 */
public record ImportOptions(
    Network network,
    Part part,
    int classes,
    int widthPx,
    int heightPx,
    boolean half,
    int batch,
    MaeFuse.Attention attention,
    boolean raw,
    @Nullable Int8Calibration calibration,
    boolean fullRange) {

  /** Outputs that are wanted; branches that serve no output are left out of the file. */
  public enum Part {
    FULL,
    FUSION,
    SEGMENTATION
  }

  private static final int MIN_SIDE_PX = 16;
  private static final int MAX_SIDE_PX = 8192;
  private static final int MAX_BATCH = 64;
  private static final int MAX_CLASSES = 255;

  /** The whole network for one size, FP32, dynamic batch. */
  public static ImportOptions of(Network network, int widthPx, int heightPx) {
    return new ImportOptions(
        network,
        Part.FULL,
        0,
        widthPx,
        heightPx,
        false,
        Shape.DYNAMIC,
        MaeFuse.Attention.RELEASED,
        false,
        null,
        false);
  }

  /**
   * @throws EngineException naming the option that cannot be, and what is allowed
   */
  void check() throws EngineException {
    range("width", widthPx, MIN_SIDE_PX, MAX_SIDE_PX);
    range("height", heightPx, MIN_SIDE_PX, MAX_SIDE_PX);
    if (batch != Shape.DYNAMIC) {
      range("batch", batch, 1, MAX_BATCH);
    }
    if (classes != 0) {
      range("classes", classes, 2, MAX_CLASSES);
    }
    if (calibration != null) {
      network.requireBytes();
      if (half) {
        throw new EngineException("a model is FP16 or INT8, not both");
      }
    }
    if (fullRange && (raw || !network.colour())) {
      throw new EngineException(
          network.id()
              + (raw ? " in its raw form" : "")
              + " gives back the range of luma that it gets");
    }
    if (raw && network.nightNet() != null) {
      throw new EngineException(network.id() + " reads camera planes: it has no raw form");
    }
    if (part == Part.SEGMENTATION && !network.segments()) {
      throw new EngineException(
          network.id() + " does not segment: parts full and fusion are possible");
    }
    if (part == Part.FUSION && !network.fuses()) {
      throw new EngineException(
          network.id() + " does not fuse: parts full and segmentation are possible");
    }
  }

  private static void range(String what, int value, int low, int high) throws EngineException {
    if (value < low || value > high) {
      throw new EngineException("%s is %d, must be %d to %d".formatted(what, value, low, high));
    }
  }

  boolean fused() {
    return network.fuses() && part != Part.SEGMENTATION;
  }

  boolean segmented() {
    return network.segments() && part != Part.FUSION;
  }

  /** Fewer bits than FP32, so that the error has to be measured. */
  boolean coarse() {
    return half || calibration != null;
  }

  int bits() {
    return calibration != null ? Byte.SIZE : half ? Short.SIZE : Float.SIZE;
  }

  /** {@code fp32}, {@code fp16} or {@code int8}. */
  String precision() {
    return calibration != null ? Accuracy.INT8 : half ? Accuracy.FP16 : "fp32";
  }

  public ImportOptions withClasses(int value) {
    return new ImportOptions(
        network,
        part,
        value,
        widthPx,
        heightPx,
        half,
        batch,
        attention,
        raw,
        calibration,
        fullRange);
  }

  public ImportOptions withHalf(boolean value) {
    return new ImportOptions(
        network,
        part,
        classes,
        widthPx,
        heightPx,
        value,
        batch,
        attention,
        raw,
        calibration,
        fullRange);
  }

  ImportOptions withRaw(boolean value) {
    return new ImportOptions(
        network,
        part,
        classes,
        widthPx,
        heightPx,
        half,
        batch,
        attention,
        value,
        calibration,
        fullRange);
  }

  ImportOptions withAttention(MaeFuse.Attention value) {
    return new ImportOptions(
        network, part, classes, widthPx, heightPx, half, batch, value, raw, calibration, fullRange);
  }

  ImportOptions withBatch(int value) {
    return new ImportOptions(
        network,
        part,
        classes,
        widthPx,
        heightPx,
        half,
        value,
        attention,
        raw,
        calibration,
        fullRange);
  }

  public ImportOptions withPart(Part value) {
    return new ImportOptions(
        network,
        value,
        classes,
        widthPx,
        heightPx,
        half,
        batch,
        attention,
        raw,
        calibration,
        fullRange);
  }

  public ImportOptions withCalibration(@Nullable Int8Calibration value) {
    return new ImportOptions(
        network, part, classes, widthPx, heightPx, half, batch, attention, raw, value, fullRange);
  }

  /** For luma of files instead of video. */
  public ImportOptions withFullRange(boolean value) {
    return new ImportOptions(
        network, part, classes, widthPx, heightPx, half, batch, attention, raw, calibration, value);
  }

  /** The same in full precision. */
  ImportOptions exact() {
    return withHalf(false).withCalibration(null);
  }
}
