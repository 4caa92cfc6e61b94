/**
 * Writes networks as ONNX files. Only what is needed of the format is here: a graph in memory, the
 * protobuf wire format, and a writer that streams weights from where they lie.
 *
 * <pre>
 *   network --> OnnxOps --> OnnxGraph --> OnnxWriter --> model.onnx
 *                            |     ^
 *                            +-----+  HalfPrecision (FP16), BytePrecision (INT8)
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.onnx;

import org.jspecify.annotations.NullMarked;
