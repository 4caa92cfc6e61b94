package dev.nightfuse.engine.tensorrt;

import java.nio.file.Path;

/**
 * What is built.
 *
 * @param model name of the model, for messages
 * @param onnx the graph, strongly typed: its element types are what is computed in
 * @param shape sizes and batches
 * @param files TensorRT's libraries
 * @param gpu the GPU to build on
 * @param timingCache file in which measured kernels are kept from build to build
 */
record PlanRequest(
    String model,
    Path onnx,
    PlanShape shape,
    TensorRtFiles files,
    GpuDevice gpu,
    Path timingCache) {}
