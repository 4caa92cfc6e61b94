/**
 * Trains the networks of {@code engine} on libtorch: the reading of a network with gradients, its
 * parameters, the optimisation loop, checkpoints and the command line. Nothing here is on the class
 * path of the running program; the way out is a safetensors file or a model directory.
 *
 * <pre>
 * PairDataset --> batch --> network read by TorchOps --> losses --> AdamW --> TorchParameters
 *                                                                                  |
 *                              model directory &lt;-- OnnxOps &lt;-- safetensors &lt;----+
 * </pre>
 */
@NullMarked
package dev.nightfuse.training;

import org.jspecify.annotations.NullMarked;
