/**
 * Pairs for training: folder layouts of the public data sets, quality checks, augmentation and
 * pseudo labels. Plain arrays, no tensors; every random choice follows from a seed.
 *
 * <pre>
 * folders --> FolderDataset --> SceneSplit --> SampleCache --+
 *                                                            +--> BatchLoader --> SampleBatch
 *                     seed, step --> BatchSampler --> picks --+      (Augmenter)
 * </pre>
 */
@NullMarked
package dev.nightfuse.training.data;

import org.jspecify.annotations.NullMarked;
