package dev.nightfuse.engine.tensorrt;

import java.nio.ByteBuffer;

/**
 * TensorRT, loaded, on one GPU: the one place behind which the GPU lies when a plan runs. Tests put
 * a fake here. Used by one thread at a time; closing it frees the GPU for this process, after its
 * runners were closed.
 */
interface TensorRtRuntime extends AutoCloseable {

  GpuDevice gpu();

  /** Version of the library, such as {@code 10.6.0}. */
  String version();

  /**
   * Loads a plan.
   *
   * @param plan a direct buffer, read during the call only
   * @throws GpuException when the plan is damaged, for another GPU or version, or memory is short
   */
  PlanRunner load(ByteBuffer plan) throws GpuException;

  /**
   * Gives up everything that this process holds on the GPU, so that a later runtime starts afresh:
   * after an error that no call can outlive.
   */
  void reset();

  @Override
  void close();
}
