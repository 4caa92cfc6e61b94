/**
 * The CPU backend, on ONNX Runtime. One pair runs on the caller's own planes; several are gathered
 * in a slab, run as one batch, and scattered.
 *
 * <pre>
 *   1 pair    planes ------------------> session ------------------> planes
 *   n pairs   planes --copy--> slab ---> session ---> slab --copy--> planes
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.ort;

import org.jspecify.annotations.NullMarked;
