package dev.nightfuse.training.stage;

import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchParameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;

/** A few steps of a stage on one batch, by gradients scaled to the size of each parameter. */
final class Trial implements AutoCloseable {

  static final int CLASSES = 9;

  final TorchParameters parameters = new TorchParameters(new PaperInitialiser(1), TorchDevice.CPU);

  /** Smooth pictures with a bright object, its class known but for a stripe. */
  static PairBatch batch(int samples, int sidePx) {
    int pixels = sidePx * sidePx;
    float[] visible = new float[3 * samples * pixels];
    float[] infrared = new float[samples * pixels];
    long[] labels = new long[samples * pixels];
    Random random = new Random(7);
    for (int n = 0; n < samples; n++) {
      for (int i = 0; i < pixels; i++) {
        int x = i % sidePx;
        int y = i / sidePx;
        boolean object = Math.hypot(x - sidePx * (0.3 + 0.3 * n), y - sidePx * 0.5) < sidePx * 0.2;
        for (int c = 0; c < 3; c++) {
          visible[(3 * n + c) * pixels + i] =
              (float) (0.4 + 0.3 * Math.sin(0.2 * x + c) + 0.1 * random.nextDouble());
        }
        infrared[n * pixels + i] = (float) ((object ? 0.85 : 0.3) + 0.05 * random.nextDouble());
        labels[n * pixels + i] = y < 3 ? 255 : object ? 2 : 0;
      }
    }
    return new PairBatch(
        Tensor.create(visible, samples, 3, sidePx, sidePx),
        Tensor.create(infrared, samples, 1, sidePx, sidePx),
        Tensor.create(labels, samples, sidePx, sidePx));
  }

  /** The loss before each step; every step has the random choices of step 0. */
  @SuppressWarnings("try")
  double[] losses(Stage stage, PairBatch batch, int steps, double rate) {
    parameters.freeze(key -> !stage.learns(key));
    double[] losses = new double[steps];
    for (int i = 0; i < steps; i++) {
      try (PointerScope scope = new PointerScope()) {
        Tensor loss = stage.loss(batch, 0).total();
        losses[i] = loss.item_double();
        loss.backward();
        parameters.trainable().forEach(entry -> descend(entry.tensor(), rate));
      }
    }
    return losses;
  }

  /** Moves by {@code rate} times the parameter's size against its gradient, and forgets that. */
  private static void descend(Tensor parameter, double rate) {
    Tensor gradient = parameter.grad();
    if (!gradient.defined()) {
      return;
    }
    double size = Math.max(0.01, parameter.detach().norm().item_double());
    double length = gradient.norm().item_double();
    if (length > 0) {
      parameter.detach().sub_(gradient.mul(new Scalar(rate * size / length)));
    }
    gradient.zero_();
  }

  Map<String, float[]> values() {
    Map<String, float[]> values = new LinkedHashMap<>();
    for (TorchParameters.Entry entry : parameters.all()) {
      values.put(entry.key(), parameters.values(entry.key()));
    }
    return values;
  }

  /** First parts of the keys, up to {@code depth} dots, whose values differ from these. */
  Set<String> moved(Map<String, float[]> before, int depth) {
    Set<String> moved = new TreeSet<>();
    values()
        .forEach(
            (key, now) -> {
              float[] old = before.get(key);
              if (old != null && !Arrays.equals(old, now)) {
                String[] parts = key.split("\\.", -1);
                moved.add(String.join(".", Arrays.copyOf(parts, Math.min(depth, parts.length))));
              }
            });
    return moved;
  }

  @Override
  public void close() {
    parameters.close();
  }
}
