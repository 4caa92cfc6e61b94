package dev.nightfuse.engine.tensorrt;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;

/**
 * The functions of the CUDA driver ({@code libcuda.so.1}) that this program calls, direct-mapped:
 * no garbage. Handles, device addresses and {@code size_t} are {@code long}; results come back in
 * arrays of one. The suffixes are the driver's own: the same functions in CUDA 11.4 to 13.
 */
final class CudaNative {

  static final int SUCCESS = 0;
  static final int OUT_OF_MEMORY = 2;
  static final int STUB_LIBRARY = 34;
  static final int NO_DEVICE = 100;
  static final int OPERATING_SYSTEM = 304;
  static final int DRIVER_MISMATCH = 803;

  static final int ATTRIBUTE_CLOCK_KHZ = 13;
  static final int ATTRIBUTE_MULTIPROCESSORS = 16;
  static final int ATTRIBUTE_INTEGRATED = 18;
  static final int ATTRIBUTE_COMPUTE_MAJOR = 75;
  static final int ATTRIBUTE_COMPUTE_MINOR = 76;

  /** A thread that waits for the GPU sleeps: encoder and servers need its core. */
  static final int CONTEXT_BLOCKING_SYNC = 4;

  static final long DEFAULT_STREAM = 0;

  static final int HOST_PORTABLE = 1;
  static final int HOST_DEVICE_MAP = 2;
  static final int STREAM_NON_BLOCKING = 1;
  static final int EVENT_BLOCKING_SYNC = 1;

  /** Other threads may allocate while a stream is captured. */
  static final int CAPTURE_THREAD_LOCAL = 1;

  /** Why the driver cannot be called; empty when it can. */
  static final String UNUSABLE = bind();

  private CudaNative() {}

  private static String bind() {
    NativeLibrary library;
    try {
      library = NativeLibrary.getInstance("libcuda.so.1");
    } catch (UnsatisfiedLinkError e) {
      return "no NVIDIA driver: libcuda.so.1 is not on this machine";
    }
    try {
      Native.register(CudaNative.class, library);
      return "";
    } catch (UnsatisfiedLinkError e) {
      return "the NVIDIA driver is too old, 470 or later is needed: " + e.getMessage();
    }
  }

  static native int cuInit(int flags);

  static native int cuDriverGetVersion(int[] version);

  static native int cuGetErrorName(int error, long[] text);

  static native int cuDeviceGetCount(int[] count);

  static native int cuDeviceGet(int[] device, int ordinal);

  static native int cuDeviceGetName(byte[] name, int sizeBytes, int device);

  static native int cuDeviceGetAttribute(int[] value, int attribute, int device);

  static native int cuDeviceTotalMem_v2(long[] sizeBytes, int device);

  static native int cuDevicePrimaryCtxSetFlags_v2(int device, int flags);

  static native int cuDevicePrimaryCtxRetain(long[] context, int device);

  static native int cuDevicePrimaryCtxRelease_v2(int device);

  static native int cuDevicePrimaryCtxReset_v2(int device);

  static native int cuCtxSetCurrent(long context);

  static native int cuMemGetInfo_v2(long[] freeBytes, long[] totalBytes);

  static native int cuMemAlloc_v2(long[] address, long sizeBytes);

  static native int cuMemFree_v2(long address);

  static native int cuMemHostAlloc(long[] host, long sizeBytes, int flags);

  static native int cuMemHostGetDevicePointer_v2(long[] address, long host, int flags);

  static native int cuMemFreeHost(long host);

  static native int cuMemcpyHtoDAsync_v2(long address, long host, long sizeBytes, long stream);

  static native int cuMemcpyDtoHAsync_v2(long host, long address, long sizeBytes, long stream);

  static native int cuStreamCreate(long[] stream, int flags);

  static native int cuStreamSynchronize(long stream);

  static native int cuStreamDestroy_v2(long stream);

  static native int cuStreamBeginCapture_v2(long stream, int mode);

  static native int cuStreamEndCapture(long stream, long[] graph);

  static native int cuGraphInstantiateWithFlags(long[] executable, long graph, long flags);

  static native int cuGraphLaunch(long executable, long stream);

  static native int cuGraphDestroy(long graph);

  static native int cuGraphExecDestroy(long executable);

  static native int cuEventCreate(long[] event, int flags);

  static native int cuEventRecord(long event, long stream);

  static native int cuEventSynchronize(long event);

  static native int cuEventElapsedTime(float[] milliseconds, long from, long to);

  static native int cuEventDestroy_v2(long event);
}
