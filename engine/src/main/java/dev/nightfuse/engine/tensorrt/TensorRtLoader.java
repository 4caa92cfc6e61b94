package dev.nightfuse.engine.tensorrt;

/** Brings TensorRT into this process, once the driver was found to work. Safe for every thread. */
interface TensorRtLoader {

  /**
   * Version of the library; loads it.
   *
   * @throws GpuException when it does not load or is of another major version
   */
  String version(TensorRtFiles files) throws GpuException;

  /** TensorRT on this GPU. */
  TensorRtRuntime open(GpuDevice gpu, TensorRtFiles files) throws GpuException;
}
