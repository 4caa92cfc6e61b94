package dev.nightfuse.training.teacher;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.peers.SeAFusion;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.LearntNetwork;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.file.Path;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;

/** SeAFusion with its published weights: the fused luma of a pair. One thread. */
public final class SeaFusionTeacher implements AutoCloseable {

  private static final float[] LUMA = {0.299f / 255, 0.587f / 255, 0.114f / 255};

  private final TorchDevice device;
  private final LearntNetwork learnt;

  public SeaFusionTeacher(Path weights, TorchDevice device) throws EngineException {
    this.device = device;
    this.learnt = new LearntNetwork(weights, device);
  }

  /** Fused luma, full range, without the stretch that the authors' script adds. */
  @SuppressWarnings("try") // The scope is there to be closed.
  public byte[] fused(TrainingSample sample) {
    Shape plane = Shape.of(1, 1, sample.heightPx(), sample.widthPx());
    try (PointerScope scope = new PointerScope()) {
      Tensor infrared = device.unit(sample.infrared(), plane);
      Tensor visible = device.tensor(luma(sample.visibleRgb()), plane);
      float[] values =
          TorchDevice.floats(learnt.run(ops -> new SeAFusion().forward(ops, visible, infrared)));
      byte[] fused = new byte[values.length];
      for (int i = 0; i < fused.length; i++) {
        fused[i] = (byte) Math.max(0, Math.min(255, Math.round(values[i] * 255)));
      }
      return fused;
    }
  }

  /** Not rounded, as the network was fed by its authors. */
  private static float[] luma(byte[] rgb) {
    int pixels = rgb.length / 3;
    float[] luma = new float[pixels];
    for (int c = 0; c < 3; c++) {
      for (int i = 0; i < pixels; i++) {
        luma[i] += LUMA[c] * (rgb[c * pixels + i] & 0xff);
      }
    }
    return luma;
  }

  @Override
  public void close() {
    learnt.close();
  }
}
