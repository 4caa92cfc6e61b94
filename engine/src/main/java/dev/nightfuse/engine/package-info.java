/** The engine port: a model file opened by a backend, fusing batches of planes in native memory. */
@NullMarked
package dev.nightfuse.engine;

import org.jspecify.annotations.NullMarked;
