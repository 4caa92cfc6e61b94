/**
 * From a matched pair to one fused frame: the only place that knows both frames and engines. Rigs
 * fuse on their own threads and meet at the engine's.
 *
 * <pre>
 *   FramePair --&gt; FusionStage --&gt; FusionLane --+
 *                    |   |                    +--&gt; EngineWorker --&gt; FusionEngine (one batch)
 *                    |   \-- PictureMaker     |
 *   other rigs ------|----------- FusionLane -+
 *                    +-- NoiseReducer --&gt; FusedFrame
 * </pre>
 *
 * Live, a rig has one pair with the engine ({@code LiveFusion}), and shows the newest picture
 * ({@code EngineTurn}); what comes next is registered meanwhile. With files it has as many as keep
 * the engine busy, and gets each picture in order ({@code LookAhead}).
 */
@NullMarked
package dev.nightfuse.fusion;

import org.jspecify.annotations.NullMarked;
