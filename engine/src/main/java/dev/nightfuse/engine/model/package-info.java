/**
 * Where models come from: built into the program and written as ONNX on first use, or imported from
 * a published checkpoint into a directory. Also what is known about them: cost, accuracy, licence.
 *
 * <pre>
 *   "detail-transfer" --> network --> cache/detail-transfer-640x480-.../model.onnx --+
 *   "/path/to/model" ----------------------------------------------------------------+--> ModelFile
 *          ^
 *          +-- ModelImporter: FittedWeights --> Deployment (network and planes) --> model.onnx
 * </pre>
 */
@NullMarked
package dev.nightfuse.engine.model;

import org.jspecify.annotations.NullMarked;
