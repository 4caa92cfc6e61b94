package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GpuDeviceTest {

  /** Figures of NVIDIA's data sheets, dense FP16 on tensor cores, at the sheets' clocks. */
  @ParameterizedTest
  @CsvSource({
    "Tesla T4,       7, 5,  40, 1590000,  65",
    "A100,           8, 0, 108, 1410000, 312",
    "AGX Orin 64 GB, 8, 7,  16, 1300000,  42.6",
    "RTX 4090,       8, 9, 128, 2520000, 330",
    "H100 SXM,       9, 0, 132, 1830000, 989",
    "unknown,        6, 1,  20, 1700000,   0"
  })
  void peakHalfTflops_knownCards_isThatOfTheirSheets(
      String name, int major, int minor, int multiprocessors, int clockKhz, double tflops) {
    GpuDevice gpu =
        new GpuDevice(0, name, major, minor, 12040, 1L << 34, false, multiprocessors, clockKhz);

    assertEquals(tflops, gpu.peakHalfTflops(), tflops * 0.01);
  }
}
