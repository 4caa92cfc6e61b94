/** Our use of GStreamer in one place: initialisation, timed pulls, mapped buffers with an owner. */
@NullMarked
package dev.nightfuse.gst;

import org.jspecify.annotations.NullMarked;
