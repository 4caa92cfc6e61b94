package dev.nightfuse.training.stage;

import java.util.SplittableRandom;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * MAFS's variation of a batch of squares: each pair is mirrored in one direction or none, a third
 * each, then turned by a multiple of 90 degrees, a quarter each. Classes turn with the pictures.
 */
final class Turns {

  private static final int ROWS = 1;
  private static final int COLUMNS = 2;

  private Turns() {}

  /** Everything random follows from the seed. */
  static PairBatch of(PairBatch batch, long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    int samples = Math.toIntExact(batch.visible().size(0));
    Tensor[] visible = new Tensor[samples];
    Tensor[] infrared = new Tensor[samples];
    Tensor[] labels = new Tensor[samples];
    for (int i = 0; i < samples; i++) {
      int mirror = random.nextInt(3);
      int quarters = random.nextInt(4);
      visible[i] = turned(batch.visible().select(0, i), mirror, quarters);
      infrared[i] = turned(batch.infrared().select(0, i), mirror, quarters);
      labels[i] = turned(batch.labels().select(0, i).unsqueeze(0), mirror, quarters).squeeze(0);
    }
    return new PairBatch(stacked(visible), stacked(infrared), stacked(labels), batch.sets());
  }

  /**
   * @param mirror 0 for none, else the axis
   */
  private static Tensor turned(Tensor picture, int mirror, int quarters) {
    Tensor mirrored = mirror == 0 ? picture : torch.flip(picture, mirror);
    return quarters == 0 ? mirrored : torch.rot90(mirrored, quarters, new long[] {ROWS, COLUMNS});
  }

  private static Tensor stacked(Tensor... samples) {
    return torch.stack(new TensorVector(samples), 0);
  }
}
