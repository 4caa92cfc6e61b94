/**
 * Network cameras over RTSP. GStreamer does the protocol and the decoding; what is here chooses the
 * transport, bounds every wait, and keeps credentials out of messages.
 */
@NullMarked
package dev.nightfuse.camera.rtsp;

import org.jspecify.annotations.NullMarked;
