/**
 * GStreamer in one place: initialisation, pipelines with an owner, timed pulls, mapped buffers.
 * Calls are direct-mapped and every native reference has one Java owner that gives it back; nothing
 * waits for the garbage collector and no native thread calls into Java.
 *
 * <pre>
 *   Frame --> AppSource --> [ GstPipeline: elements and their threads ] --> AppSink --> GstSample --> MappedBuffer --> Frame
 * </pre>
 */
@NullMarked
package dev.nightfuse.gst;

import org.jspecify.annotations.NullMarked;
