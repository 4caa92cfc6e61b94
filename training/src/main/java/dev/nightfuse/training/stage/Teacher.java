package dev.nightfuse.training.stage;

import org.bytedeco.pytorch.Tensor;

/**
 * A segmentation that a student is drawn to. Nothing learns in it; one thread, that of the stage.
 */
public interface Teacher extends AutoCloseable {

  /**
   * Logits {@code [N, classes, H, W]} of the pairs, at the pictures' size or a smaller one.
   *
   * @param fused what the student has just fused, {@code [N, 1, H, W]}, without gradient: MAFS's
   *     own teacher sees this and the visible picture's colours, others see the pair
   */
  Tensor logits(PairBatch batch, Tensor fused);

  @Override
  void close();
}
