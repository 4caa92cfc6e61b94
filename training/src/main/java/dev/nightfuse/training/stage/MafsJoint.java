package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.Interpolation;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.training.loss.BoundaryLoss;
import dev.nightfuse.training.loss.Distillation;
import dev.nightfuse.training.loss.ForegroundLoss;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.LabelMaps;
import dev.nightfuse.training.loss.OhemCrossEntropy;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;

/**
 * MAFS, stage II (Eq. 14): fused picture and label map learned together, the segmentation with
 * auxiliary heads (Eq. 17) and a teacher (Eq. 19).
 *
 * <pre>
 *   fused ------------------- fusion loss (Eq. 15, 16) ------------------+
 *   semantic, out2, 4, 6 ---- OHEM cross-entropy ---+                    +-- balance (Eq. 20, 21)
 *   out5 -------------------- boundary              +-- segmentation ----+
 *   out1, out3 -------------- foreground (Eq. 18)   |
 *   semantic, teacher ------- distillation ---------+
 * </pre>
 *
 * <p>Which of the two-channel heads learns what is not in the release. As in the network these
 * heads come from, the finest is taught boundaries and the one below it the foreground; the
 * coarsest, too coarse for boundaries, is taught the foreground too.
 */
public final class MafsJoint implements Stage {

  /**
   * @param reading of the fusion loss's foreground target
   * @param auxiliary whether the auxiliary heads are taught; Table XI leaves them out
   */
  record Losses(
      Reading reading,
      FusionLoss fusion,
      OhemCrossEntropy segmentation,
      ForegroundLoss foreground,
      boolean auxiliary,
      Distillation distillation) {}

  private final Mafs network;
  private final TorchParameters parameters;
  private final Losses losses;
  private final TaskBalance balance;
  private final long seed;
  private final @Nullable Teacher teacher;

  /**
   * @param teacher null for none; the stage's maker closes it
   */
  MafsJoint(
      Mafs network,
      TorchParameters parameters,
      Losses losses,
      TaskBalance balance,
      long seed,
      @Nullable Teacher teacher) {
    this.network = network;
    this.parameters = parameters;
    this.losses = losses;
    this.balance = balance;
    this.seed = seed;
    this.teacher = teacher;
  }

  @Override
  public Terms loss(PairBatch cropped, long step) {
    PairBatch batch = Turns.of(cropped, Seeds.mix(seed, step));
    TorchOps ops = new TorchOps(parameters, true);
    Mafs.Output<Tensor> output = network.forward(ops, batch.visible(), batch.infrared());
    return balance.combine(ops, fusion(batch, output), segmentation(ops, batch, output));
  }

  private Terms fusion(PairBatch batch, Mafs.Output<Tensor> output) {
    Tensor foreground = null;
    if (losses.reading == Reading.RELEASED) {
      // Where nothing is known the brighter source is the target, as on the background.
      foreground =
          LabelMaps.foreground(batch.labels())
              .eq(new Scalar(1))
              .unsqueeze(1)
              .to(torch.ScalarType.Float);
    }
    Tensor luma = Pictures.luma(batch.visible());
    return losses.fusion.terms(output.fused(), luma, batch.infrared(), foreground);
  }

  private Terms segmentation(TorchOps ops, PairBatch batch, Mafs.Output<Tensor> output) {
    Tensor labels = batch.labels();
    Terms terms = new Terms().add("semantic", 1, losses.segmentation.of(output.semantic(), labels));
    if (teacher != null) {
      terms.add(
          "distillation",
          1,
          losses.distillation.of(output.semantic(), taught(ops, batch, output, teacher)));
    }
    if (losses.auxiliary) {
      Mafs.Auxiliary<Tensor> heads = output.auxiliary();
      Tensor foreground = LabelMaps.foreground(labels);
      terms
          .add("boundary", 1, BoundaryLoss.of(heads.out5(), LabelMaps.boundary(labels)))
          .add("foreground1", 1, losses.foreground.of(heads.out1(), foreground))
          .add("foreground3", 1, losses.foreground.of(heads.out3(), foreground))
          .add("semantic2", 1, losses.segmentation.of(heads.out2(), labels))
          .add("semantic4", 1, losses.segmentation.of(heads.out4(), labels))
          .add("semantic6", 1, losses.segmentation.of(heads.out6(), labels));
    }
    return terms;
  }

  private static Tensor taught(
      TorchOps ops, PairBatch batch, Mafs.Output<Tensor> output, Teacher teacher) {
    Tensor logits = teacher.logits(batch, output.fused().detach());
    int height = Math.toIntExact(output.semantic().size(2));
    int width = Math.toIntExact(output.semantic().size(3));
    return ops.resize(logits, height, width, Interpolation.BILINEAR);
  }

  /** Everything but what only stage I has. */
  @Override
  public boolean learns(String key) {
    return !key.startsWith("rec_decoder_");
  }

  @Override
  public double[] state() {
    return balance.state();
  }

  @Override
  public void restore(double[] state) {
    balance.restore(state);
  }
}
