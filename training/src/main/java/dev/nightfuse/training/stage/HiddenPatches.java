package dev.nightfuse.training.stage;

import dev.nightfuse.training.data.PatchMasks;
import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * A batch with patches hidden behind uniform noise, as MAFS is pre-trained.
 *
 * @param visible {@code [N, 3, H, W]}, what is left of it
 * @param infrared {@code [N, 1, H, W]}, likewise
 * @param hiddenVisible {@code [N, 1, H, W]}, 1 where the visible picture was hidden, else 0
 * @param hiddenInfrared likewise
 */
record HiddenPatches(Tensor visible, Tensor infrared, Tensor hiddenVisible, Tensor hiddenInfrared) {

  /** Everything random follows from the seed. */
  static HiddenPatches of(PairBatch batch, long seed) {
    int samples = Math.toIntExact(batch.visible().size(0));
    int height = Math.toIntExact(batch.visible().size(2));
    int width = Math.toIntExact(batch.visible().size(3));
    int pixels = height * width;
    SplittableRandom random = new SplittableRandom(seed);
    float[] visible = new float[samples * pixels];
    float[] infrared = new float[samples * pixels];
    for (int i = 0; i < samples; i++) {
      PatchMasks masks = PatchMasks.of(random.nextLong(), width, height);
      float[] first = PatchMasks.hidden(masks.visible(), masks.columns(), width, height);
      float[] second = PatchMasks.hidden(masks.infrared(), masks.columns(), width, height);
      System.arraycopy(first, 0, visible, i * pixels, pixels);
      System.arraycopy(second, 0, infrared, i * pixels, pixels);
    }
    float[] noise = new float[4 * samples * pixels];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) random.nextDouble();
    }
    Tensor like = batch.visible();
    Tensor hiddenVisible = tensor(visible, like, samples, 1, height, width);
    Tensor hiddenInfrared = tensor(infrared, like, samples, 1, height, width);
    Tensor patches = tensor(noise, like, samples, 4, height, width);
    return new HiddenPatches(
        fill(batch.visible(), hiddenVisible, patches.narrow(1, 0, 3)),
        fill(batch.infrared(), hiddenInfrared, patches.narrow(1, 3, 1)),
        hiddenVisible,
        hiddenInfrared);
  }

  private static Tensor fill(Tensor picture, Tensor hidden, Tensor noise) {
    return torch.where(hidden.to(torch.ScalarType.Bool), noise, picture);
  }

  private static Tensor tensor(float[] values, Tensor like, long... shape) {
    return Tensor.create(values, shape).to(like.device(), like.scalar_type());
  }
}
