package dev.nightfuse.engine.model;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import java.nio.file.Files;
import java.nio.file.Path;

/** Judges model directories by what they give on the formula pairs. */
public final class ModelCheck {

  private ModelCheck() {}

  /**
   * A backend's outputs against those of the FP32 graph that were recorded at import.
   *
   * @throws EngineException when the directory is damaged, has no recorded outputs, or the backend
   *     does not run it
   */
  public static Accuracy verify(Path directory, EngineProvider provider) throws EngineException {
    ModelFile model = ModelFile.read(directory);
    if (!Files.exists(directory.resolve(GoldenFile.NAME))) {
      throw new EngineException(
          "%s has no %s to compare with: it was imported with --raw, --no-golden or a fixed batch"
              .formatted(directory, GoldenFile.NAME));
    }
    ModelManifest manifest = model.manifest();
    PlaneOutputs expected = GoldenFile.read(directory);
    return PlaneOutputs.of(provider, model, manifest.widthPx(), manifest.heightPx())
        .against(expected);
  }

  /** How the outputs of two models for the same picture size differ. */
  public static Accuracy difference(Path first, Path second, EngineProvider provider)
      throws EngineException {
    ModelFile a = ModelFile.read(first);
    ModelFile b = ModelFile.read(second);
    int width = a.manifest().widthPx();
    int height = a.manifest().heightPx();
    if (width != b.manifest().widthPx() || height != b.manifest().heightPx()) {
      throw new EngineException(
          "%s is for %d x %d, %s for %d x %d: only models of one size can be compared"
              .formatted(
                  first, width, height, second, b.manifest().widthPx(), b.manifest().heightPx()));
    }
    return PlaneOutputs.of(provider, a, width, height)
        .against(PlaneOutputs.of(provider, b, width, height));
  }
}
