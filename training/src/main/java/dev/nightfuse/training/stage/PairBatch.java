package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.training.data.SampleBatch;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.TorchDevice;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/**
 * Pairs of one size on the device that trains, crops and turns already applied.
 *
 * @param visible RGB, {@code [N, 3, H, W]}, float32, 0 to 1
 * @param infrared {@code [N, 1, H, W]}, float32, 0 to 1
 * @param labels class numbers {@code [N, H, W]}, int64, 255 where nothing is known; everywhere when
 *     the data has no labels
 * @param sets which of the run's data sets each pair is of; empty where they are of none
 */
public record PairBatch(Tensor visible, Tensor infrared, Tensor labels, List<Integer> sets) {

  public PairBatch {
    sets = List.copyOf(sets);
  }

  /** Pairs of no data set. */
  public PairBatch(Tensor visible, Tensor infrared, Tensor labels) {
    this(visible, infrared, labels, List.of());
  }

  /** Copies of what a step sees. */
  public static PairBatch of(SampleBatch batch, TorchDevice device) {
    PairBatch pairs = of(batch.samples(), device);
    return new PairBatch(pairs.visible, pairs.infrared, pairs.labels, batch.sets());
  }

  /** Copies of samples that are all of one size; at least one. */
  public static PairBatch of(List<TrainingSample> samples, TorchDevice device) {
    int count = samples.size();
    int width = samples.get(0).widthPx();
    int height = samples.get(0).heightPx();
    int pixels = width * height;
    byte[] rgb = new byte[3 * count * pixels];
    byte[] infrared = new byte[count * pixels];
    byte[] labels = new byte[count * pixels];
    for (int i = 0; i < count; i++) {
      TrainingSample sample = samples.get(i);
      System.arraycopy(sample.visibleRgb(), 0, rgb, 3 * i * pixels, 3 * pixels);
      System.arraycopy(sample.infrared(), 0, infrared, i * pixels, pixels);
      byte[] known = sample.labels();
      if (known == null) {
        Arrays.fill(labels, i * pixels, (i + 1) * pixels, (byte) TrainingSample.IGNORE);
      } else {
        System.arraycopy(known, 0, labels, i * pixels, pixels);
      }
    }
    return new PairBatch(
        device.unit(rgb, Shape.of(count, 3, height, width)),
        device.unit(infrared, Shape.of(count, 1, height, width)),
        device.indices(labels, Shape.of(count, height, width)));
  }
}
