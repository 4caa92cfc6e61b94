/**
 * From a matched pair to one fused frame: the only place that knows both frames and engines. Rigs
 * fuse on their own threads and meet at the engine's.
 *
 * <pre>
 *   FramePair --&gt; FusionStage --&gt; FusionLane --+
 *                    |   |                    +--&gt; EngineWorker --&gt; FusionEngine (one batch)
 *                    |   \-- Blend            |
 *   other rigs ------|----------- FusionLane -+
 *                    +--&gt; FusedFrame
 * </pre>
 */
@NullMarked
package dev.nightfuse.fusion;

import org.jspecify.annotations.NullMarked;
