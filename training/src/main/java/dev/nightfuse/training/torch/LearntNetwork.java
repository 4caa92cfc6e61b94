package dev.nightfuse.training.torch;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.training.settings.TrainException;
import java.nio.file.Path;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/** Weights of a file that teach and do not learn. Owns them; one thread. */
public final class LearntNetwork implements AutoCloseable {

  private final TorchParameters parameters;
  private final TorchOps ops;

  /** The file must have every weight that the network asks for. */
  public LearntNetwork(Path weights, TorchDevice device) throws EngineException {
    Initialiser none =
        (key, shape) -> {
          throw new TrainException(
              "teacher %s has no %s %s; it belongs to another network"
                  .formatted(weights, key, shape));
        };
    parameters = new TorchParameters(TorchParameters.from(weights, none), device);
    parameters.freeze(key -> true);
    ops = new TorchOps(parameters, false);
  }

  /** What a network makes of its input with these weights; nothing is remembered for gradients. */
  // The guard works by being there.
  @SuppressWarnings("try")
  public Tensor run(Function<TorchOps, Tensor> network) {
    try (NoGradGuard guard = new NoGradGuard()) {
      return network.apply(ops);
    }
  }

  @Override
  public void close() {
    parameters.close();
  }
}
