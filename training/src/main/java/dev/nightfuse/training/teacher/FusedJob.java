package dev.nightfuse.training.teacher;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.TorchDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes SeAFusion's fused luma of every pair; what is there already is kept. */
public final class FusedJob {

  private final PairDataset pairs;
  private final Path folder;

  public FusedJob(PairDataset pairs, Path folder) {
    this.pairs = pairs;
    this.folder = folder;
  }

  /**
   * @param step called after each pair
   */
  public void run(Path weights, TorchDevice device, Runnable step)
      throws IOException, EngineException {
    Files.createDirectories(folder);
    try (SeaFusionTeacher teacher = new SeaFusionTeacher(weights, device)) {
      for (int i = 0; i < pairs.size(); i++) {
        Path file = folder.resolve(pairs.name(i) + ".png");
        if (!Files.exists(file)) {
          TrainingSample sample = pairs.load(i);
          SoftLabels.writeGrey(file, sample.widthPx(), sample.heightPx(), teacher.fused(sample));
        }
        step.run();
      }
    }
  }
}
