package dev.nightfuse.training.teacher;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.settings.TrainException;
import dev.nightfuse.training.torch.Initialiser;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** MFNet with its published weights: class probabilities of a pair. One thread. */
public final class MfNetTeacher implements AutoCloseable {

  private final TorchDevice device;
  private final TorchParameters parameters;

  public MfNetTeacher(Path weights, TorchDevice device) throws EngineException {
    this.device = device;
    this.parameters = new TorchParameters(published(weights), device);
    parameters.freeze(key -> true);
  }

  /** The file's values; a key that it lacks is a mistake and not something to make up. */
  static Initialiser published(Path weights) throws EngineException {
    return TorchParameters.from(
        weights,
        (key, shape) -> {
          throw new TrainException(
              "weights file %s has no %s; it belongs to another network".formatted(weights, key));
        });
  }

  /**
   * Probabilities class by class, {@code [classes, height, width]}; sides must be multiples of
   * {@value MfNet#SIZE_MULTIPLE}.
   */
  @SuppressWarnings("try") // The scope is there to be closed.
  public float[] probabilities(TrainingSample sample) {
    int height = sample.heightPx();
    int width = sample.widthPx();
    try (PointerScope scope = new PointerScope()) {
      Tensor visible =
          device.bytes(sample.visibleRgb(), Shape.of(1, 3, height, width)).div(new Scalar(255.0));
      Tensor infrared = device.tensor(ThermalStatistics.raw(sample), Shape.of(1, 1, height, width));
      TorchOps ops = new TorchOps(parameters, false);
      return TorchDevice.floats(torch.softmax(new MfNet().forward(ops, visible, infrared), 1));
    }
  }

  @Override
  public void close() {
    parameters.close();
  }
}
