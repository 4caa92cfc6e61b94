/**
 * The GPU backend, on TensorRT. A model becomes a plan once for each machine, built in a process of
 * its own and kept; a loaded plan must pass the numeric gate before it sees a camera.
 *
 * <pre>
 *   model.onnx --child JVM--&gt; plan --kept--&gt; PlanCache --load--&gt; PlanRunner --gate--&gt; TensorRtEngine
 *
 *   planes --copy--&gt; pinned slot 0 --+                    +--&gt; pinned slot 0 --copy--&gt; planes
 *   planes --copy--&gt; pinned slot 1 --+--&gt; CUDA graphs --&gt;-+--&gt; pinned slot 1 --copy--&gt; planes
 * </pre>
 *
 * Everything that needs a GPU stands behind {@link TensorRtRuntime}, {@link GpuDriver} and {@link
 * PlanMaker}.
 */
@NullMarked
package dev.nightfuse.engine.tensorrt;

import org.jspecify.annotations.NullMarked;
