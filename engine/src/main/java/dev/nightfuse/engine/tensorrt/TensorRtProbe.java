package dev.nightfuse.engine.tensorrt;

/**
 * Finds out, in an order in which nothing can go wrong, whether TensorRT can work here: driver and
 * GPU first, then the files, then the library itself. TensorRT without a working driver would end
 * the process. Stateless; safe for every thread.
 *
 * @param driver the NVIDIA driver
 * @param search where TensorRT is looked for
 * @param loader loads it
 */
record TensorRtProbe(GpuDriver driver, LibrarySearch search, TensorRtLoader loader) {

  /**
   * What works here.
   *
   * @param gpu the GPU that is used
   * @param files where TensorRT is
   * @param version its version
   */
  record Here(GpuDevice gpu, TensorRtFiles files, String version) {

    /** Why plans can be run but not built; empty when both can be. */
    String whyNoBuilder() {
      return files.whyNoBuilder(gpu);
    }

    @Override
    public String toString() {
      String text = "TensorRT %s on %s".formatted(version, gpu);
      return whyNoBuilder().isEmpty()
          ? text
          : "%s; runs plans of the cache and builds none: %s".formatted(text, whyNoBuilder());
    }
  }

  /**
   * @throws GpuException with the first thing that is missing
   */
  Here look() throws GpuException {
    try {
      GpuDevice gpu = driver.devices().get(0);
      TensorRtFiles files = search.find();
      return new Here(gpu, files, loader.version(files));
    } catch (LinkageError e) {
      throw new GpuException("TensorRT does not fit this program: " + e);
    }
  }
}
