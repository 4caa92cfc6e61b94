package dev.nightfuse.training;

import dev.nightfuse.training.data.Augmentation;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.stage.Stage;
import dev.nightfuse.training.torch.TorchParameters;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run does: stages one after another on the same parameters.
 *
 * @param stages in order
 * @param release gives back what lives as long as the recipe, such as a teacher
 */
record Recipe(List<Step> stages, Runnable release) implements AutoCloseable {

  /**
   * @param name in logs
   * @param steps how long it lasts
   * @param learningRate highest, after warm-up
   * @param warmUp steps until it is reached
   * @param batch pairs of a step
   * @param augmentation of these pairs
   * @param preview shows what the network makes of a pair by now; null when there is nothing to
   *     show
   */
  record Step(
      String name,
      Stage stage,
      long steps,
      double learningRate,
      long warmUp,
      int batch,
      Augmentation augmentation,
      @Nullable Preview preview) {

    static Step of(TrainConfig.StageConfig config, Stage stage, @Nullable Preview preview) {
      return new Step(
          config.name(),
          stage,
          config.steps(),
          config.learningRate(),
          config.warmUp(),
          config.batch(),
          config.augmentation(),
          preview);
    }
  }

  /** What a network makes of a pair. */
  @FunctionalInterface
  interface Preview {

    /** Runs the network as it would be deployed, on whole pictures cut to a size that it takes. */
    Picture of(TorchParameters parameters, TrainingSample sample);
  }

  /**
   * @param fused luma, {@code widthPx x heightPx}
   * @param labels at full size; null when the network does not segment
   */
  record Picture(int widthPx, int heightPx, byte[] fused, byte @Nullable [] labels) {}

  Recipe {
    stages = List.copyOf(stages);
  }

  @Override
  public void close() {
    release.run();
  }
}
