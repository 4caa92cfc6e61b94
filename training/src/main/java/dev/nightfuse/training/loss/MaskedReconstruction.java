package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * MAFS, Eq. 11 to 13: how well masked patches of one modality are restored, {@code a1 * intensity +
 * a2 * gradient}. Eq. 10 is the sum of both modalities'.
 *
 * <p>The mask is 1 where the patch was hidden from the network. Where the sources differ:
 *
 * <ul>
 *   <li>{@link Reading#PAPER}: the gradient (Sobel) is taken of the masked pictures, so the edges
 *       of patches count.
 *   <li>{@link Reading#RELEASED}: the second-order magnitude is taken of the whole pictures and
 *       masked afterwards. (The release's mask meets every sample of the batch there, by an
 *       accident of broadcasting; here each sample has its own.)
 * </ul>
 *
 * <p>Both are means over all pixels, hidden or not.
 */
public record MaskedReconstruction(Reading reading, double intensityWeight, double gradientWeight) {

  /** Both weights as the paper and the release set them. */
  public static MaskedReconstruction of(Reading reading) {
    return new MaskedReconstruction(reading, 5, 5);
  }

  /** All three are {@code [N, 1, H, W]}. */
  public Terms terms(Tensor restored, Tensor original, Tensor mask) {
    Tensor hidden = restored.mul(mask);
    Tensor truth = original.mul(mask);
    Tensor gradient =
        switch (reading) {
          case PAPER -> Derivatives.distance(Derivatives.sobel(hidden), Derivatives.sobel(truth));
          case RELEASED ->
              torch.l1_loss(
                  Derivatives.secondOrderMagnitude(restored).mul(mask),
                  Derivatives.secondOrderMagnitude(original).mul(mask));
        };
    return new Terms()
        .add("intensity", intensityWeight, torch.l1_loss(hidden, truth))
        .add("gradient", gradientWeight, gradient);
  }
}
