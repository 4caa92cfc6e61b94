/**
 * Networks, each written once against {@link dev.nightfuse.engine.network.Ops} and read in several
 * ways: recorded as an ONNX graph, costed, or run with gradients. Nothing here knows a runtime.
 *
 * <pre>
 *                          +--> OnnxOps   a graph to deploy
 *   network --> Ops&lt;T&gt; ----+--> CostOps   shapes, parameters, multiply-adds
 *                          +--> TorchOps  training
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.network;

import org.jspecify.annotations.NullMarked;
