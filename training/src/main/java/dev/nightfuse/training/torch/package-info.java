/**
 * Networks read with gradients: {@code TorchOps} runs a network's description on libtorch, and
 * {@code TorchParameters} owns what it learns. Knows neither data nor losses.
 */
@NullMarked
package dev.nightfuse.training.torch;

import org.jspecify.annotations.NullMarked;
