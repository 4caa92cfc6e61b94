package dev.nightfuse.training.stage;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;

/**
 * A larger NightNet, {@link NightNet#DENSE}, whose fused pictures and classes a smaller one learns.
 * It can be asked for any pair, also for such as have no labels or as no camera has seen. Nothing
 * learns in it; one thread, that of the stage.
 */
public final class DenseTeacher implements AutoCloseable {

  private final LearntNetwork dense;

  /** All of the network's weights must be in the file. */
  public DenseTeacher(Path weights, TorchDevice device) throws EngineException {
    dense = new LearntNetwork(weights, device);
  }

  /**
   * Of pairs {@code [N, 3, H, W]} and {@code [N, 1, H, W]}; the fused luma from 0 to 1, as it is
   * shown.
   */
  NightNet.Output<Tensor> of(Tensor visible, Tensor infrared) {
    return dense.run(
        ops -> {
          NightNet.Output<Tensor> out =
              NightNetStage.forward(NightNet.DENSE, ops, visible, infrared);
          return new NightNet.Output<>(ops.clip(out.fused(), 0, 1), out.logits(), out.features());
        });
  }

  @Override
  public void close() {
    dense.close();
  }
}
