/**
 * Recordings: one recorder per rig writes a view into MP4 files that survive a crash. It is one
 * more viewer of the stream hub, with a thread and a queue of its own.
 *
 * <pre>
 *   VideoStream --> [queue] --> Recorder thread --> SegmentFile: init, fragment, fragment, ... index
 *                    full: on to the next key frame       every half second, forced to the disk
 * </pre>
 */
@NullMarked
package dev.nightfuse.recording;

import org.jspecify.annotations.NullMarked;
