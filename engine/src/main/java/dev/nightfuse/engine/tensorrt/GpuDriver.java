package dev.nightfuse.engine.tensorrt;

import java.util.List;

/**
 * What the NVIDIA driver says, before anything of TensorRT is touched: TensorRT without a working
 * driver ends the process. Safe for every thread.
 */
@FunctionalInterface
interface GpuDriver {

  /**
   * The GPUs that this process may use; at least one.
   *
   * @throws GpuException when there is no driver, it does not work, or it shows no GPU; says which
   */
  List<GpuDevice> devices() throws GpuException;
}
