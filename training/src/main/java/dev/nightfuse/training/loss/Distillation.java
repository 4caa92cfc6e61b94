package dev.nightfuse.training.loss;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/**
 * MAFS, Eq. 19: a student's logits drawn to a teacher's, both softened by a temperature. No
 * gradient reaches the teacher.
 *
 * @param kind what is compared
 * @param temperature by which both logits are divided
 */
public record Distillation(Kind kind, double temperature) {

  /** The temperature of the paper. */
  public static final double TEMPERATURE = 4;

  /** Paper and release differ, and the release holds two. */
  public enum Kind {
    /** Eq. 19 as printed: {@code KL(student || teacher)} of classes, summed over a picture. */
    PAPER,
    /** {@code T^2 KL(teacher || student)} of classes, mean over pixels. */
    RELEASED,
    /**
     * {@code T^2 KL(teacher || student)} over the pixels of each channel, mean over channels
     * (channel-wise distillation, in the release too).
     */
    CHANNEL_WISE
  }

  public Distillation {
    if (!(temperature > 0)) {
      throw new IllegalArgumentException(
          "temperature %s: above 0 is allowed".formatted(temperature));
    }
  }

  /** Both {@code [N, classes, H, W]}. */
  public Tensor of(Tensor student, Tensor teacher) {
    Tensor s = Tensors.times(student, 1 / temperature);
    Tensor t = Tensors.times(teacher.detach(), 1 / temperature);
    long samples = s.size(0);
    long classes = s.size(1);
    long pixels = s.size(2) * s.size(3);
    double squared = temperature * temperature;
    return switch (kind) {
      case PAPER -> divergence(s, t, 1, 1.0 / samples);
      case RELEASED -> divergence(t, s, 1, squared / (samples * pixels));
      case CHANNEL_WISE ->
          divergence(t.flatten(2, 3), s.flatten(2, 3), 2, squared / (samples * classes));
    };
  }

  /** {@code factor sum p (log p - log q)}, distributions along an axis. */
  private static Tensor divergence(Tensor p, Tensor q, int axis, double factor) {
    Tensor logP = torch.log_softmax(p, axis);
    Tensor logQ = torch.log_softmax(q, axis);
    return Tensors.times(logP.exp().mul(logP.sub(logQ)).sum(), factor);
  }
}
