package dev.nightfuse.training.teacher;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.LearntNetwork;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** MFNet with its published weights: class probabilities of a pair. One thread. */
final class MfNetTeacher implements AutoCloseable {

  private final TorchDevice device;
  private final LearntNetwork learnt;

  MfNetTeacher(Path weights, TorchDevice device) throws EngineException {
    this.device = device;
    this.learnt = new LearntNetwork(weights, device);
  }

  /**
   * Probabilities class by class, {@code [classes, height, width]}; sides must be multiples of
   * {@value MfNet#SIZE_MULTIPLE}.
   */
  @SuppressWarnings("try") // The scope is there to be closed.
  float[] probabilities(TrainingSample sample) {
    int height = sample.heightPx();
    int width = sample.widthPx();
    try (PointerScope scope = new PointerScope()) {
      Tensor visible = device.unit(sample.visibleRgb(), Shape.of(1, 3, height, width));
      Tensor infrared = device.unit(sample.infrared(), Shape.of(1, 1, height, width));
      Tensor raw = ThermalStatistics.raw(sample.name(), visible, infrared);
      Tensor logits = learnt.run(ops -> new MfNet().forward(ops, visible, raw));
      return TorchDevice.floats(torch.softmax(logits, 1));
    }
  }

  @Override
  public void close() {
    learnt.close();
  }
}
