/**
 * Which infrared frame belongs to which visible frame: a pure matcher over arrivals and times that
 * are handed in. The visible camera leads; the infrared camera is matched, held, or done without.
 *
 * <pre>
 *   visible   --&gt; CameraLane --+
 *                              +--&gt; FrameSynchronizer --&gt; FramePair
 *   infrared  --&gt; CameraLane --+         |      \--&gt; held infrared frame
 *                                        +--&gt; SyncStatistics: one outcome for every frame
 *
 *   FramePair --&gt; PairLine: where live pairs wait to be fused, and overtake each other
 * </pre>
 */
@NullMarked
package dev.nightfuse.sync;

import org.jspecify.annotations.NullMarked;
