package dev.nightfuse.training.data;

import java.util.List;

/**
 * What one training step sees: pairs of one size.
 *
 * @param sets which of the run's data sets each is of
 */
public record SampleBatch(long step, List<TrainingSample> samples, List<Integer> sets) {}
