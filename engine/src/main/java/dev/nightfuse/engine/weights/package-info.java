/**
 * Parameters from files: PyTorch checkpoints (zip and legacy pickle, restricted to tensors) and
 * safetensors, read lazily tensor by tensor; safetensors is also written. No Python and no code
 * from a checkpoint is ever run.
 */
@NullMarked
package dev.nightfuse.engine.weights;

import org.jspecify.annotations.NullMarked;
