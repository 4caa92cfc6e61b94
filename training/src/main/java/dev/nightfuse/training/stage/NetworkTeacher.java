package dev.nightfuse.training.stage;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.Ops;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.torch.Initialiser;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.nio.file.Path;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** A network of ours with the weights of a file, as a teacher: it sees the pair. */
public final class NetworkTeacher implements Teacher {

  /** How a network gives logits of RGB and infrared pictures. */
  @FunctionalInterface
  public interface Segmentation {
    Tensor logits(Ops<Tensor> ops, Tensor visible, Tensor infrared);
  }

  private final TorchParameters parameters;
  private final TorchOps ops;
  private final Segmentation network;

  /** Takes the parameters over and closes them. */
  public NetworkTeacher(TorchParameters parameters, Segmentation network) {
    this.parameters = parameters;
    this.ops = new TorchOps(parameters, false);
    this.network = network;
    parameters.freeze(key -> true);
  }

  /** MFNet with the published weights, or others of the same network: nine classes. */
  public static NetworkTeacher mfNet(Path weights, TorchDevice device) throws EngineException {
    return new NetworkTeacher(complete(weights, device), new MfNet()::forward);
  }

  /** A MAFS that was trained before, larger than the student as a rule. */
  public static NetworkTeacher mafs(Mafs network, Path weights, TorchDevice device)
      throws EngineException {
    return new NetworkTeacher(
        complete(weights, device),
        (ops, visible, infrared) -> network.forward(ops, visible, infrared).semantic());
  }

  static TorchParameters complete(Path weights, TorchDevice device) throws EngineException {
    Initialiser none =
        (key, shape) -> {
          throw new IllegalArgumentException(
              "teacher %s has no parameter %s %s".formatted(weights, key, shape));
        };
    return new TorchParameters(TorchParameters.from(weights, none), device);
  }

  // The guard works by being there.
  @SuppressWarnings("try")
  @Override
  public Tensor logits(PairBatch batch, Tensor fused) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return network.logits(ops, batch.visible(), batch.infrared());
    }
  }

  @Override
  public void close() {
    parameters.close();
  }
}
