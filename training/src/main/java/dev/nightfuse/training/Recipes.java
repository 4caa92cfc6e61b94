package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.training.data.DataException;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.stage.NightNetSources;
import dev.nightfuse.training.stage.NightNetStage;
import dev.nightfuse.training.stage.PaperInitialiser;
import dev.nightfuse.training.torch.Initialiser;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** The recipes a configuration can name. */
final class Recipes {

  private static final Pattern NIGHTNET_HEADS =
      Pattern.compile("(head\\.(bright|dark|correct)|classes)\\.weight");
  private static final String NAMES =
      "nightnet-s, nightnet-m, nightnet-dense, mafs-stage1, mafs-stage2, maefuse";
  private static final float FAINT = 0.02f;

  private Recipes() {}

  static Recipe of(TrainConfig config, TorchParameters parameters, TorchDevice device)
      throws TrainException, EngineException, DataException {
    return switch (config.recipe()) {
      case "nightnet-s" -> nightNet(config, parameters, device, NightNet.SMALL.width());
      case "nightnet-m" -> nightNet(config, parameters, device, NightNet.MEDIUM.width());
      case "nightnet-dense" -> nightNet(config, parameters, device, NightNet.DENSE.width());
      case "mafs-stage1" -> PaperRecipes.mafsRestoration(config, parameters);
      case "mafs-stage2" -> PaperRecipes.mafsJoint(config, parameters, device);
      case "maefuse" -> PaperRecipes.maeFuse(config, parameters, device);
      default ->
          throw new TrainException(
              "recipe \"%s\" is not known; allowed: %s".formatted(config.recipe(), NAMES));
    };
  }

  /**
   * As the recipe wants a network to begin: NightNet shows the brighter pixel and has no opinion
   * about classes.
   */
  static Initialiser begin(TrainConfig config, Initialiser usual) {
    if (!config.recipe().startsWith("nightnet")) {
      return new PaperInitialiser(config.seed());
    }
    return (key, shape) -> {
      float[] values = usual.values(key, shape);
      if (NIGHTNET_HEADS.matcher(key).matches()) {
        for (int i = 0; i < values.length; i++) {
          values[i] *= FAINT;
        }
      }
      return values;
    };
  }

  private static Recipe nightNet(
      TrainConfig config, TorchParameters parameters, TorchDevice device, NightNet.Width width)
      throws TrainException, EngineException, DataException {
    for (TrainConfig.StageConfig stage : config.stages()) {
      requireFor(stage, "distillation", config.nightNet().teacher().isPresent(), "teacher");
      requireFor(stage, "imitation", config.nightNet().imitates().isPresent(), "imitates");
      requireFor(stage, "stability", !config.nightNet().films().isEmpty(), "films");
    }
    NightNet network = new NightNet(width, config.nightNet().without());
    NightNetSources sources =
        config
            .nightNet()
            .openSources(
                config.augmentation().widthPx(), config.cacheBytes(), config.heldOut(), device);
    List<Recipe.Step> steps = new ArrayList<>();
    for (TrainConfig.StageConfig stage : config.stages()) {
      steps.add(
          new Recipe.Step(
              stage,
              new NightNetStage(
                  network,
                  parameters,
                  NightNetStage.Weights.of(stage.loss()),
                  stage.nightNet(),
                  config.data().stream().map(TrainConfig.Data::emphasis).toList(),
                  stage.learns().asMatchPredicate(),
                  config.seed(),
                  sources),
              (learned, sample) -> nightNetPicture(network, learned, device, sample)));
    }
    return new Recipe(steps, sources::close);
  }

  /** A term that nothing feeds would be left out without a word. */
  private static void requireFor(
      TrainConfig.StageConfig stage, String term, boolean fed, String key) throws TrainException {
    double weight = stage.loss().getOrDefault(term, 0.0);
    if (weight > 0 && !fed) {
      throw new TrainException(
          "stage %s: %s is %s in the loss, but nightnet.%s names nothing that it could be learnt from"
              .formatted(stage.name(), term, weight, key));
    }
  }

  private static Recipe.Picture nightNetPicture(
      NightNet network, TorchParameters parameters, TorchDevice device, TrainingSample sample) {
    int width = sample.widthPx() / NightNet.SIZE_MULTIPLE * NightNet.SIZE_MULTIPLE;
    int height = sample.heightPx() / NightNet.SIZE_MULTIPLE * NightNet.SIZE_MULTIPLE;
    TrainingSample cut = PreviewSheet.cut(sample, width, height);
    NightNet.Output<Tensor> out =
        NightNetStage.forward(
            network,
            new TorchOps(parameters, false),
            device.unit(cut.visibleRgb(), Shape.of(1, 3, height, width)),
            device.unit(cut.infrared(), Shape.of(1, 1, height, width)));
    byte[] fused = levels(out.fused());
    byte[] few = classes(out.logits());
    byte[] labels = new byte[width * height];
    for (int i = 0; i < labels.length; i++) {
      int row = i / width / NightNet.LABEL_SCALE;
      labels[i] = few[row * (width / NightNet.LABEL_SCALE) + i % width / NightNet.LABEL_SCALE];
    }
    return new Recipe.Picture(width, height, fused, labels);
  }

  /** 0 to 1 as levels, rounded. */
  static byte[] levels(Tensor picture) {
    return bytes(picture.mul(new Scalar(255)).add(new Scalar(0.5)));
  }

  /** The likeliest class of every pixel. */
  static byte[] classes(Tensor logits) {
    return bytes(torch.argmax(logits, new LongOptional(1), false));
  }

  private static byte[] bytes(Tensor values) {
    float[] numbers = TorchDevice.floats(values.to(torch.ScalarType.Float));
    byte[] bytes = new byte[numbers.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) Math.max(0, Math.min(255, (int) numbers[i]));
    }
    return bytes;
  }
}
