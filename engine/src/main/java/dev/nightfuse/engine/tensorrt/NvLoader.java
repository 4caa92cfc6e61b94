package dev.nightfuse.engine.tensorrt;

import java.nio.file.Path;

/**
 * TensorRT of this machine.
 *
 * @param natives folder for the Java glue
 */
record NvLoader(Path natives) implements TensorRtLoader {

  @Override
  public String version(TensorRtFiles files) throws GpuException {
    return NvRuntime.version(files, natives);
  }

  @Override
  public TensorRtRuntime open(GpuDevice gpu, TensorRtFiles files) throws GpuException {
    return NvRuntime.open(gpu, files, natives);
  }
}
