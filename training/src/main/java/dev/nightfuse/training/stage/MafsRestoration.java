package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.training.loss.MaskedReconstruction;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import org.bytedeco.pytorch.Tensor;

/**
 * MAFS, stage I: patches hidden behind noise are restored from the other modality and from around
 * them (Eq. 10). Every patch stays visible in one modality. What learns is the way from the
 * pictures to {@code rec_f}; the deeper stages of the backbone have no part in it, in the release
 * as in the paper's Algorithm 1.
 *
 * <p>With {@link Reading#RELEASED} one decoder restores both pictures, which are then the same one;
 * with {@link Reading#PAPER} each has its own.
 */
public final class MafsRestoration implements Stage {

  private final Mafs network;
  private final TorchParameters parameters;
  private final Reading decoders;
  private final MaskedReconstruction loss;
  private final long seed;

  public MafsRestoration(
      Mafs network,
      TorchParameters parameters,
      Reading decoders,
      MaskedReconstruction loss,
      long seed) {
    this.network = network;
    this.parameters = parameters;
    this.decoders = decoders;
    this.loss = loss;
    this.seed = seed;
  }

  @Override
  public Terms loss(PairBatch cropped, long step) {
    long chosen = Seeds.mix(seed, step);
    PairBatch batch = Turns.of(cropped, chosen);
    HiddenPatches left = HiddenPatches.of(batch, Seeds.mix(chosen, 1));
    TorchOps ops = new TorchOps(parameters, true);
    Mafs.Restored<Tensor> restored =
        network.restore(ops, left.visible(), left.infrared(), decoders == Reading.PAPER);
    Tensor luma = Pictures.luma(batch.visible());
    return new Terms()
        .add("visible", 1, loss.terms(restored.visible(), luma, left.hiddenVisible()))
        .add(
            "infrared",
            1,
            loss.terms(restored.infrared(), batch.infrared(), left.hiddenInfrared()));
  }

  @Override
  public boolean learns(String key) {
    return key.startsWith("encoder.")
        || key.startsWith(decoders == Reading.PAPER ? "rec_decoder_" : "fuse_decoder.");
  }
}
