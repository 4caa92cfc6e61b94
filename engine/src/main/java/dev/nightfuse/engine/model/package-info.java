/**
 * Where models come from: built into the program, written as ONNX on first use, or a directory that
 * a user gives.
 *
 * <pre>
 *   "detail-transfer" --> network --> cache/detail-transfer-640x480-.../model.onnx --+
 *   "/path/to/model" ----------------------------------------------------------------+--> ModelFile
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.model;

import org.jspecify.annotations.NullMarked;
