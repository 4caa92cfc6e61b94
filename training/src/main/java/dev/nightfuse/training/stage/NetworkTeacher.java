package dev.nightfuse.training.stage;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.teacher.ThermalStatistics;
import dev.nightfuse.training.torch.LearntNetwork;
import dev.nightfuse.training.torch.TorchDevice;
import java.nio.file.Path;
import org.bytedeco.pytorch.Tensor;

/** A network of ours with the weights of a file, as a teacher of classes: it sees the pair. */
public final class NetworkTeacher implements Teacher {

  /** How a network gives logits of RGB and infrared pictures. */
  @FunctionalInterface
  private interface Segmentation {
    Tensor logits(Ops<Tensor> ops, Tensor visible, Tensor infrared);
  }

  private final LearntNetwork learnt;
  private final Segmentation network;

  private NetworkTeacher(LearntNetwork learnt, Segmentation network) {
    this.learnt = learnt;
    this.network = network;
  }

  /**
   * MFNet with the published weights, or others that learnt from raw thermal pictures: nine
   * classes. Infrared is first brought back to where such pictures lie.
   */
  public static NetworkTeacher mfNet(Path weights, TorchDevice device) throws EngineException {
    MfNet network = new MfNet();
    return new NetworkTeacher(
        new LearntNetwork(weights, device),
        (ops, visible, infrared) ->
            network.forward(ops, visible, ThermalStatistics.raw(visible, infrared)));
  }

  /** A MAFS that was trained before, larger than the student as a rule. */
  public static NetworkTeacher mafs(Mafs network, Path weights, TorchDevice device)
      throws EngineException {
    return new NetworkTeacher(
        new LearntNetwork(weights, device),
        (ops, visible, infrared) -> network.forward(ops, visible, infrared).semantic());
  }

  @Override
  public Tensor logits(PairBatch batch, Tensor fused) {
    return learnt.run(ops -> network.logits(ops, batch.visible(), batch.infrared()));
  }

  @Override
  public void close() {
    learnt.close();
  }
}
