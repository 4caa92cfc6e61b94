package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.stage.MaeFuseSettings;
import dev.nightfuse.training.stage.MaeFuseStage;
import dev.nightfuse.training.stage.MafsSettings;
import dev.nightfuse.training.stage.Teacher;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** MAFS's and MaeFuse's recipes, with the stages that a configuration names. */
final class PaperRecipes {

  /** Every tensor of a picture lives until it is done; MAFS would need 10 GB for a whole one. */
  private static final int MAFS_WIDTH_PX = 320;

  private static final int MAFS_HEIGHT_PX = 256;

  private PaperRecipes() {}

  static Recipe mafsRestoration(TrainConfig config, TorchParameters parameters) {
    List<Recipe.Step> steps = new ArrayList<>();
    for (TrainConfig.StageConfig stage : config.stages()) {
      steps.add(new Recipe.Step(stage, config.mafs().restoration(parameters, config.seed()), null));
    }
    return new Recipe(steps, () -> {});
  }

  static Recipe mafsJoint(TrainConfig config, TorchParameters parameters, TorchDevice device)
      throws EngineException {
    MafsSettings settings = config.mafs();
    Teacher teacher = settings.openTeacher(device);
    List<Recipe.Step> steps = new ArrayList<>();
    for (TrainConfig.StageConfig stage : config.stages()) {
      steps.add(
          new Recipe.Step(
              stage,
              settings.joint(parameters, config.seed(), teacher),
              (learned, sample) -> picture(settings.network(), learned, device, sample)));
    }
    return new Recipe(steps, teacher == null ? () -> {} : teacher::close);
  }

  static Recipe maeFuse(TrainConfig config, TorchParameters parameters, TorchDevice device)
      throws TrainException {
    List<Recipe.Step> steps = new ArrayList<>();
    for (TrainConfig.StageConfig stage : config.stages()) {
      MaeFuseStage found =
          config
              .maeFuse()
              .stage(stage.name(), parameters)
              .orElseThrow(
                  () ->
                      new TrainException(
                          "stages: MaeFuse has no stage \"%s\"; allowed: %s"
                              .formatted(stage.name(), MaeFuseSettings.stageNames())));
      steps.add(
          new Recipe.Step(
              stage, found, (learned, sample) -> picture(found, learned, device, sample)));
    }
    return new Recipe(steps, () -> {});
  }

  private static Recipe.Picture picture(
      MaeFuseStage stage, TorchParameters parameters, TorchDevice device, TrainingSample sample) {
    TrainingSample cut = cut(sample, MaeFuse.PATCH, Integer.MAX_VALUE, Integer.MAX_VALUE);
    Tensor fused = stage.show(parameters, visible(cut, device), infrared(cut, device));
    return new Recipe.Picture(cut.widthPx(), cut.heightPx(), Recipes.levels(fused), null);
  }

  private static Recipe.Picture picture(
      Mafs network, TorchParameters parameters, TorchDevice device, TrainingSample sample) {
    TrainingSample cut = cut(sample, Mafs.SIZE_MULTIPLE, MAFS_WIDTH_PX, MAFS_HEIGHT_PX);
    Mafs.Output<Tensor> output =
        network.forward(
            new TorchOps(parameters, false), visible(cut, device), infrared(cut, device));
    return new Recipe.Picture(
        cut.widthPx(),
        cut.heightPx(),
        Recipes.levels(output.fused()),
        Recipes.classes(output.semantic()));
  }

  private static TrainingSample cut(
      TrainingSample sample, int multiple, int mostWidthPx, int mostHeightPx) {
    return PreviewSheet.cut(
        sample,
        Math.min(mostWidthPx, sample.widthPx()) / multiple * multiple,
        Math.min(mostHeightPx, sample.heightPx()) / multiple * multiple);
  }

  private static Tensor visible(TrainingSample sample, TorchDevice device) {
    return device.unit(sample.visibleRgb(), Shape.of(1, 3, sample.heightPx(), sample.widthPx()));
  }

  private static Tensor infrared(TrainingSample sample, TorchDevice device) {
    return device.unit(sample.infrared(), Shape.of(1, 1, sample.heightPx(), sample.widthPx()));
  }
}
