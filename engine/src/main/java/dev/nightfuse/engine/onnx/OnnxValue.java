package dev.nightfuse.engine.onnx;

import dev.nightfuse.engine.network.DType;
import dev.nightfuse.engine.network.Shape;

/**
 * An edge of an ONNX graph.
 *
 * @param name its name, unique in the graph
 * @param type of its elements
 * @param shape its sizes
 */
public record OnnxValue(String name, DType type, Shape shape) {}
