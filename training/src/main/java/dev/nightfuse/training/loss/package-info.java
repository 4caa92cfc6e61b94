/**
 * Differentiable measures of fused pictures and label maps, as the papers write them and, where
 * their code differs, as it was released. Functions of tensors that keep nothing; every sample of a
 * batch is measured on its own.
 */
@NullMarked
package dev.nightfuse.training.loss;

import org.jspecify.annotations.NullMarked;
