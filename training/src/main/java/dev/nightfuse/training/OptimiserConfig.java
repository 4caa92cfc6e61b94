package dev.nightfuse.training;

import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.torch.AdamW;
import dev.nightfuse.training.torch.Optimiser;
import dev.nightfuse.training.torch.Sgd;
import dev.nightfuse.training.torch.TorchParameters;
import java.util.List;

/**
 * How a run optimises: the keys {@code optimiser}, {@code schedule} and what belongs to them.
 *
 * @param momentum of SGD
 * @param beta2 of AdamW
 */
record OptimiserConfig(
    Kind kind,
    double momentum,
    double beta2,
    double weightDecay,
    double clipNorm,
    Schedule.Shape schedule) {

  enum Kind {
    ADAMW,
    SGD
  }

  static OptimiserConfig read(Settings top) {
    return new OptimiserConfig(
        top.choice("optimiser", Kind.ADAMW),
        top.number("momentum", 0.9, 0, 1),
        top.number("beta2", AdamW.BETA2, 0, 1),
        top.number("weight-decay", 0.01, 0, 1),
        top.number("clip-norm", 5, 1e-6, 1e9),
        top.choice("schedule", Schedule.Shape.COSINE));
  }

  Optimiser of(List<TorchParameters.Entry> parameters) {
    return switch (kind) {
      case ADAMW -> new AdamW(parameters, beta2, weightDecay, clipNorm);
      case SGD -> new Sgd(parameters, momentum, weightDecay, clipNorm);
    };
  }
}
