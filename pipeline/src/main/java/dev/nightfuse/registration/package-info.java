/**
 * The infrared picture laid onto the visible one: a calibration turned once into tables, and the
 * tables applied to every frame in native memory.
 *
 * <pre>
 *   Calibration --&gt; Projection --&gt; RemapTable --+
 *                                             |
 *   infrared GRAY8, any size ----------&gt; Registrar --&gt; GRAY8 at the visible size
 * </pre>
 */
@NullMarked
package dev.nightfuse.registration;

import org.jspecify.annotations.NullMarked;
