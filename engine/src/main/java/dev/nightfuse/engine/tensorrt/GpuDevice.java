package dev.nightfuse.engine.tensorrt;

import java.util.Locale;

/**
 * A GPU as its driver describes it.
 *
 * @param ordinal number among the visible devices
 * @param name as sold, such as {@code NVIDIA H200}
 * @param computeMajor major number of the compute capability
 * @param computeMinor minor number of the compute capability
 * @param driverCuda newest CUDA that the driver knows, 1000 * major + 10 * minor
 * @param memoryBytes memory of the GPU; shared with the CPU when integrated
 * @param integrated whether GPU and CPU share their memory, as on Jetson
 * @param multiprocessors streaming multiprocessors
 * @param clockKhz highest clock of the multiprocessors
 */
record GpuDevice(
    int ordinal,
    String name,
    int computeMajor,
    int computeMinor,
    int driverCuda,
    long memoryBytes,
    boolean integrated,
    int multiprocessors,
    int clockKhz) {

  /** FP16 operations of one multiprocessor in one clock, dense, on its tensor cores; 0: unknown. */
  private int halfOperations() {
    return switch (10 * computeMajor + computeMinor) {
      case 70, 72, 75, 86, 89, 120, 121 -> 1024;
      case 80, 87 -> 2048;
      case 90 -> 4096;
      case 100, 101, 103, 110 -> 8192;
      default -> 0;
    };
  }

  /** Peak of dense FP16 with FP16 sums at the highest clock; 0 when not known for this kind. */
  double peakHalfTflops() {
    return halfOperations() * (double) multiprocessors * clockKhz * 1e3 / 1e12;
  }

  /** Name and compute capability: what a plan is tied to. */
  String kind() {
    return "%s sm_%d%d".formatted(name, computeMajor, computeMinor);
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "%s (sm_%d%d, %.1f GiB%s), driver for CUDA %d.%d",
        name,
        computeMajor,
        computeMinor,
        memoryBytes / (double) (1 << 30),
        integrated ? ", shared with the CPU" : "",
        driverCuda / 1000,
        driverCuda % 1000 / 10);
  }
}
