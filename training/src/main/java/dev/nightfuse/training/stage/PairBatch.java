package dev.nightfuse.training.stage;

import org.bytedeco.pytorch.Tensor;

/**
 * Pairs of one size on the device that trains, crops and turns already applied.
 *
 * @param visible RGB, {@code [N, 3, H, W]}, float32, 0 to 1
 * @param infrared {@code [N, 1, H, W]}, float32, 0 to 1
 * @param labels class numbers {@code [N, H, W]}, int64, 255 where nothing is known; everywhere when
 *     the data has no labels
 */
public record PairBatch(Tensor visible, Tensor infrared, Tensor labels) {}
