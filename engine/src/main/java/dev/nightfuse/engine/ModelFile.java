package dev.nightfuse.engine;

import java.nio.file.Path;

/**
 * A model on disk: the ONNX file and what {@code model.yaml} beside it declares.
 *
 * @param onnx path of the ONNX file
 * @param manifest the declaration, checked against the file
 */
public record ModelFile(Path onnx, ModelManifest manifest) {}
