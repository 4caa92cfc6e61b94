/**
 * Pictures in native memory: format, pooled frames with reference counts, and the one clock. Pixels
 * are written by cameras, read by everyone, and never copied to the Java heap on the live path.
 */
@NullMarked
package dev.nightfuse.frame;

import org.jspecify.annotations.NullMarked;
