/**
 * Replays files and folders of pictures as if they were cameras. The cameras of one rig share a
 * {@link dev.nightfuse.camera.replay.ReplayTimeline}, so that picture k of both gets the same
 * capture time, over any number of loops.
 */
@NullMarked
package dev.nightfuse.camera.replay;

import org.jspecify.annotations.NullMarked;
