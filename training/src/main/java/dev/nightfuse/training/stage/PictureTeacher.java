package dev.nightfuse.training.stage;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.training.torch.LearntNetwork;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;

/**
 * A larger NightNet, {@link NightNet#DENSE}, whose fused pictures a smaller one learns to draw. It
 * can be asked for any pair, also for such as no camera has seen. Nothing learns in it; one thread,
 * that of the stage.
 */
public final class PictureTeacher implements AutoCloseable {

  private final LearntNetwork dense;

  /** All of the network's weights must be in the file. */
  public PictureTeacher(Path weights, TorchDevice device) throws EngineException {
    dense = new LearntNetwork(weights, device);
  }

  /** Luma {@code [N, 1, H, W]}, 0 to 1, of pairs {@code [N, 3, H, W]} and {@code [N, 1, H, W]}. */
  Tensor fused(Tensor visible, Tensor infrared) {
    return dense.run(
        ops ->
            ops.clip(NightNetStage.forward(NightNet.DENSE, ops, visible, infrared).fused(), 0, 1));
  }

  @Override
  public void close() {
    dense.close();
  }
}
