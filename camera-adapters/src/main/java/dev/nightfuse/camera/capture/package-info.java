/**
 * What all cameras that capture through GStreamer share: the formats they ask for, and the way from
 * a sample to a stamped frame.
 *
 * <pre>
 *   AppSink --(timed pull)--> GstSample --(one copy)--> Frame from a pool --> FrameSink
 * </pre>
 */
@NullMarked
package dev.nightfuse.camera.capture;

import org.jspecify.annotations.NullMarked;
