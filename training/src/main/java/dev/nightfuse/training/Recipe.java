package dev.nightfuse.training;

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
   * @param config what its file says of the stage
   * @param preview shows what the network makes of a pair by now; null when there is nothing to
   *     show
   */
  record Step(TrainConfig.StageConfig config, Stage stage, @Nullable Preview preview) {}

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
