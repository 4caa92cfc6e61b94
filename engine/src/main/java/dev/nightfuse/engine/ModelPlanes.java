package dev.nightfuse.engine;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The planes that a model takes and gives for pictures of one size, by the model file contract.
 *
 * @param inputs what it reads, in the order of its manifest
 * @param outputs {@code fused_y} and, where the model segments, {@code labels}
 */
public record ModelPlanes(List<Plane> inputs, List<Plane> outputs) {

  private static final int MAX_BATCH = 64;
  private static final int MAX_THREADS = 64;

  public ModelPlanes {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
  }

  /**
   * @throws EngineException when the model is for another size, or an option is out of range
   */
  public static ModelPlanes of(ModelManifest manifest, EngineOptions options)
      throws EngineException {
    require("batch", options.maxBatch(), MAX_BATCH);
    require("threads", options.threads(), MAX_THREADS);
    checkSize(manifest, options);
    List<Plane> outputs = new ArrayList<>();
    outputs.add(plane(ModelManifest.FUSED_Y, manifest, options));
    if (manifest.segments()) {
      outputs.add(plane(ModelManifest.LABELS, manifest, options));
    }
    return new ModelPlanes(
        manifest.inputs().stream().map(name -> plane(name, manifest, options)).toList(), outputs);
  }

  /** The label map, or null when the model does not segment. */
  public @Nullable Plane labels() {
    return outputs.size() > 1 ? outputs.get(1) : null;
  }

  private static void checkSize(ModelManifest manifest, EngineOptions options)
      throws EngineException {
    int width = options.widthPx();
    int height = options.heightPx();
    int multiple = manifest.sizeMultiple();
    boolean fixed = manifest.widthPx() > 0;
    if (fixed && (manifest.widthPx() != width || manifest.heightPx() != height)) {
      throw new EngineException(
          "model %s is for pictures of %d x %d, not %d x %d"
              .formatted(manifest.name(), manifest.widthPx(), manifest.heightPx(), width, height));
    }
    if (width < 1 || height < 1 || width % multiple != 0 || height % multiple != 0) {
      throw new EngineException(
          "model %s needs sides that are multiples of %d, not %d x %d"
              .formatted(manifest.name(), multiple, width, height));
    }
  }

  private static Plane plane(String name, ModelManifest manifest, EngineOptions options) {
    int width = options.widthPx();
    int height = options.heightPx();
    return switch (name) {
      case ModelManifest.VISIBLE_U, ModelManifest.VISIBLE_V ->
          new Plane(name, (width + 1) / 2, (height + 1) / 2);
      case ModelManifest.LABELS -> {
        int scale = manifest.labelScale();
        yield new Plane(name, (width + scale - 1) / scale, (height + scale - 1) / scale);
      }
      default -> new Plane(name, width, height);
    };
  }

  private static void require(String what, int value, int most) throws EngineException {
    if (value < 1 || value > most) {
      throw new EngineException(
          "engine option %s is %d, must be 1 to %d".formatted(what, value, most));
    }
  }
}
