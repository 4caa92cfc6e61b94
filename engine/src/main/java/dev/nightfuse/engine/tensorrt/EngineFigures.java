package dev.nightfuse.engine.tensorrt;

/**
 * What an engine did at one batch size, without cameras around it.
 *
 * @param batch pairs in one call
 * @param framesPerSecond pairs in a second, copies in and out of the engine's memory included, with
 *     the next batch handed over while one is computed
 * @param gpuMsPerFrame median time of the GPU for one pair, upload to download, one batch at a time
 * @param callMsPerFrame median time of a call for one pair, one batch at a time
 * @param tflops operations done in a second, two for each multiply-add; 0 when not known
 * @param shareOfPeak of the GPU's dense FP16 peak at its highest clock; 0 when not known
 */
public record EngineFigures(
    int batch,
    double framesPerSecond,
    double gpuMsPerFrame,
    double callMsPerFrame,
    double tflops,
    double shareOfPeak) {}
