/**
 * Differentiable measures of fused pictures and label maps, as the papers write them. Functions of
 * tensors that keep nothing.
 */
@NullMarked
package dev.nightfuse.training.loss;

import org.jspecify.annotations.NullMarked;
