package dev.nightfuse.engine.tensorrt;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import java.util.ArrayList;
import java.util.List;

/** The CUDA driver of this machine. */
final class CudaDriver implements GpuDriver {

  private static final int MOST_DEVICES = 64;

  @Override
  public List<GpuDevice> devices() throws GpuException {
    if (!CudaNative.UNUSABLE.isEmpty()) {
      throw new GpuException(CudaNative.UNUSABLE);
    }
    int outcome = CudaNative.cuInit(0);
    if (outcome != CudaNative.SUCCESS) {
      throw new GpuException(
          "the NVIDIA driver does not start: %s%s".formatted(name(outcome), advice(outcome)));
    }
    int[] count = new int[1];
    check(CudaNative.cuDeviceGetCount(count), "counting GPUs");
    if (count[0] == 0) {
      throw new GpuException("the NVIDIA driver shows no GPU to this process");
    }
    List<GpuDevice> devices = new ArrayList<>();
    for (int ordinal = 0; ordinal < Math.min(count[0], MOST_DEVICES); ordinal++) {
      devices.add(describe(ordinal));
    }
    return devices;
  }

  private static GpuDevice describe(int ordinal) throws GpuException {
    int device = handle(ordinal);
    byte[] name = new byte[256];
    check(CudaNative.cuDeviceGetName(name, name.length, device), "reading the GPU's name");
    int[] driver = new int[1];
    check(CudaNative.cuDriverGetVersion(driver), "reading the driver's version");
    long[] memory = new long[1];
    check(CudaNative.cuDeviceTotalMem_v2(memory, device), "reading the GPU's memory");
    return new GpuDevice(
        ordinal,
        Native.toString(name),
        attribute(device, CudaNative.ATTRIBUTE_COMPUTE_MAJOR),
        attribute(device, CudaNative.ATTRIBUTE_COMPUTE_MINOR),
        driver[0],
        memory[0],
        attribute(device, CudaNative.ATTRIBUTE_INTEGRATED) != 0,
        attribute(device, CudaNative.ATTRIBUTE_MULTIPROCESSORS),
        clockKhz(device));
  }

  static int handle(int ordinal) throws GpuException {
    int[] device = new int[1];
    check(CudaNative.cuDeviceGet(device, ordinal), "finding GPU " + ordinal);
    return device[0];
  }

  private static int attribute(int device, int number) throws GpuException {
    int[] value = new int[1];
    check(CudaNative.cuDeviceGetAttribute(value, number, device), "reading GPU attribute");
    return value[0];
  }

  /** Only a figure in a report; newer drivers may have dropped it. 0 when not known. */
  private static int clockKhz(int device) {
    int[] value = new int[1];
    int outcome = CudaNative.cuDeviceGetAttribute(value, CudaNative.ATTRIBUTE_CLOCK_KHZ, device);
    return outcome == CudaNative.SUCCESS ? value[0] : 0;
  }

  /**
   * Throws when a call failed. Most errors of running kernels are sticky: every later call of the
   * process gives them again until the context is reset.
   */
  static void check(int outcome, String what) throws GpuException {
    if (outcome != CudaNative.SUCCESS) {
      throw new GpuException("%s failed: %s".formatted(what, name(outcome)), sticky(outcome));
    }
  }

  static boolean sticky(int outcome) {
    return switch (outcome) {
      // Uncorrectable memory, illegal address, launch timeout, hardware stack, illegal
      // instruction, misaligned address, address space, program counter, failed launch.
      case 214, 700, 702, 714, 715, 716, 717, 718, 719 -> true;
      // Context destroyed, device lost or in need of a reset, unknown.
      case 4, 709, 46, 999 -> true;
      default -> false;
    };
  }

  private static String name(int outcome) {
    long[] text = new long[1];
    boolean known = CudaNative.cuGetErrorName(outcome, text) == CudaNative.SUCCESS && text[0] != 0;
    return known
        ? "%s (%d)".formatted(new Pointer(text[0]).getString(0), outcome)
        : "CUDA error " + outcome;
  }

  private static String advice(int outcome) {
    return switch (outcome) {
      case CudaNative.NO_DEVICE -> "; no NVIDIA GPU is visible, see CUDA_VISIBLE_DEVICES";
      case CudaNative.STUB_LIBRARY -> "; the libcuda.so.1 found is the toolkit's stub";
      case CudaNative.OPERATING_SYSTEM ->
          "; the user may lack access to /dev/nvidia* (group video or render)";
      case CudaNative.DRIVER_MISMATCH ->
          "; kernel module and library differ, a restart of the machine may be due";
      default -> "";
    };
  }
}
