/**
 * From fused frames to access units: which H.264 encoder this machine has, the encoder itself, and
 * one publisher per view that draws, encodes and publishes while someone watches.
 *
 * <pre>
 *   FusedFrame --> [newest only] --> draw --> VideoEncoder --> AccessUnit --> StreamHub
 *                   offer thread  |  "view" thread          |  "encode" thread
 * </pre>
 */
@NullMarked
package dev.nightfuse.encode;

import org.jspecify.annotations.NullMarked;
