package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.training.loss.FeatureAlignment;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * One step of MaeFuse's guided training. First the CFM, its result decoded directly: aligned with
 * the mean of both encodings (Eq. 5), then by the fusion loss (Eq. 4). Then the MFM in the same two
 * steps, with the CFM locked. The encoder is frozen throughout.
 */
public final class MaeFuseStage implements Stage {

  /** What a stage is about. */
  enum Goal {
    /**
     * The decoder learns to restore plain pictures from the encoder's tokens (the release's
     * preparation; the fusion layer has no part).
     */
    DECODER,
    CFM_ALIGN,
    CFM_FUSE,
    MFM_ALIGN,
    MFM_FUSE;

    boolean ofCfm() {
      return this == CFM_ALIGN || this == CFM_FUSE;
    }
  }

  private static final String DECODER = "model1.decoder_";
  private static final String CFM = "model2.cross_model.";

  private final MaeFuse network;
  private final TorchParameters parameters;
  private final Goal goal;
  private final FusionLoss loss;
  private final boolean cfmLocked;
  private final boolean decoderLearns;

  /**
   * @param cfmLocked whether the CFM stays as it is while the MFM learns, as the paper has it
   * @param decoderLearns whether the decoder learns in the fusion steps; the release's default mode
   *     lets it, the paper does not
   */
  MaeFuseStage(
      MaeFuse network,
      TorchParameters parameters,
      Goal goal,
      FusionLoss loss,
      boolean cfmLocked,
      boolean decoderLearns) {
    this.network = network;
    this.parameters = parameters;
    this.goal = goal;
    this.loss = loss;
    this.cfmLocked = cfmLocked;
    this.decoderLearns = decoderLearns;
  }

  @Override
  public Terms loss(PairBatch batch, long step) {
    TorchOps ops = new TorchOps(parameters, true);
    int height = Math.toIntExact(batch.visible().size(2));
    int width = Math.toIntExact(batch.visible().size(3));
    Tensor luma = Pictures.luma(batch.visible());
    Tensor visible = Pictures.imagenet(luma);
    Tensor infrared = Pictures.imagenet(batch.infrared());
    Tensor v = network.encode(ops, visible);
    Tensor i = network.encode(ops, infrared);
    return switch (goal) {
      case DECODER ->
          new Terms()
              .add("visible", 0.5, torch.mse_loss(decode(ops, v, height, width), visible))
              .add("infrared", 0.5, torch.mse_loss(decode(ops, i, height, width), infrared));
      case CFM_ALIGN, MFM_ALIGN ->
          new Terms()
              .add("alignment", 1, FeatureAlignment.of(features(ops, v, i, height, width), v, i));
      case CFM_FUSE, MFM_FUSE -> {
        Tensor picture = decode(ops, features(ops, v, i, height, width), height, width);
        yield loss.terms(Pictures.imagenetLuma(picture), luma, batch.infrared(), null);
      }
    };
  }

  /**
   * What the network makes of pairs by now, {@code [N, 1, H, W]} luma; while the CFM learns, from
   * its result, and while the decoder learns, the visible picture restored.
   *
   * @param averaged parameters to show, in place of those that learn
   */
  public Tensor show(TorchParameters averaged, Tensor visible, Tensor infrared) {
    TorchOps ops = new TorchOps(averaged, false);
    int height = Math.toIntExact(visible.size(2));
    int width = Math.toIntExact(visible.size(3));
    Tensor v = network.encode(ops, Pictures.imagenet(Pictures.luma(visible)));
    Tensor tokens = v;
    if (goal != Goal.DECODER) {
      Tensor i = network.encode(ops, Pictures.imagenet(infrared));
      tokens = features(ops, v, i, height, width);
    }
    return Pictures.imagenetLuma(decode(ops, tokens, height, width));
  }

  private Tensor features(TorchOps ops, Tensor v, Tensor i, int height, int width) {
    return goal.ofCfm()
        ? network.compare(ops, v, i, height, width)
        : network.fuse(ops, v, i, height, width);
  }

  private Tensor decode(TorchOps ops, Tensor tokens, int height, int width) {
    return MaeFuse.picture(ops, network.decode(ops, tokens, height, width), height, width);
  }

  @Override
  public boolean learns(String key) {
    if (key.endsWith("pos_embed")) {
      return false;
    }
    if (key.startsWith(DECODER)) {
      return goal == Goal.DECODER
          || (decoderLearns && (goal == Goal.CFM_FUSE || goal == Goal.MFM_FUSE));
    }
    if (key.startsWith(CFM)) {
      return goal.ofCfm() || (!cfmLocked && goal != Goal.DECODER);
    }
    return key.startsWith("model2.") && !goal.ofCfm() && goal != Goal.DECODER;
  }
}
