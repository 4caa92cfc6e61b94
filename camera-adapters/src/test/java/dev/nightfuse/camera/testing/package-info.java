/**
 * What camera tests share: media made on the spot with GStreamer, sinks that write down what they
 * get, and a look at the process's own resources.
 */
@NullMarked
package dev.nightfuse.camera.testing;

import org.jspecify.annotations.NullMarked;
