package dev.nightfuse.engine.tensorrt;

import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Locale;
import org.bytedeco.tensorrt.global.nvinfer;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IRuntime;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** TensorRT 10 on a GPU of this machine. */
final class NvRuntime implements TensorRtRuntime {

  private static final Logger LOG = LoggerFactory.getLogger(NvRuntime.class);

  /** 10.1.0: memory for activations is asked for and given by functions of that version. */
  private static final int OLDEST = 100_100;

  private final GpuDevice gpu;
  private final String version;
  private final int device;
  private final long context;
  private final NvLog log = Log.OF_THIS_PROCESS;
  private final IRuntime runtime;
  private boolean givenUp;
  private boolean closed;

  /** Made when TensorRT is loaded; never freed, for TensorRT keeps the first log it is given. */
  private static final class Log {
    static final NvLog OF_THIS_PROCESS = new NvLog(NvRuntime::log);
  }

  private NvRuntime(GpuDevice gpu, String version, int device, long context) throws GpuException {
    this.gpu = gpu;
    this.version = version;
    this.device = device;
    this.context = context;
    this.runtime = nvinfer.createInferRuntime(log);
    if (NvPointers.isNull(runtime)) {
      throw new GpuException("TensorRT does not start: " + log.takeErrors());
    }
  }

  /**
   * @param gpu as the driver just described it: never without
   * @param natives folder for the Java glue
   */
  static NvRuntime open(GpuDevice gpu, TensorRtFiles files, Path natives) throws GpuException {
    String version = version(files, natives);
    int device = CudaDriver.handle(gpu.ordinal());
    long context = retain(device);
    try {
      return new NvRuntime(gpu, version, device, context);
    } catch (GpuException e) {
      CudaNative.cuDevicePrimaryCtxRelease_v2(device);
      throw e;
    }
  }

  /** The GPU's context for this process, made current on this thread. */
  static long retain(int device) throws GpuException {
    // Fails when the context is in use already, with the flags it has then; not worth an end.
    CudaNative.cuDevicePrimaryCtxSetFlags_v2(device, CudaNative.CONTEXT_BLOCKING_SYNC);
    long[] context = new long[1];
    CudaDriver.check(
        CudaNative.cuDevicePrimaryCtxRetain(context, device), "opening the GPU for this process");
    CudaDriver.check(CudaNative.cuCtxSetCurrent(context[0]), "choosing the GPU");
    return context[0];
  }

  /** Loads TensorRT and tells its version, which must be of the major that this was built for. */
  static String version(TensorRtFiles files, Path natives) throws GpuException {
    TensorRtNatives.load(files, natives);
    int number;
    try {
      number = nvinfer.getInferLibVersion();
    } catch (LinkageError e) {
      throw new GpuException("%s does not fit this program: %s".formatted(files.runtime(), e));
    }
    String version = "%d.%d.%d".formatted(number / 10000, number / 100 % 100, number % 100);
    // 10.0 lacks functions that are called here; a call into its table beyond the end is no error.
    if (number / 10000 != LibrarySearch.MAJOR || number < OLDEST) {
      throw new GpuException(
          "%s is TensorRT %s, %d.x from %d.1 on is needed"
              .formatted(files.runtime(), version, LibrarySearch.MAJOR, LibrarySearch.MAJOR));
    }
    return version;
  }

  private static void log(NvLog.Level level, String line) {
    switch (level) {
      case ERROR, WARNING -> LOG.warn("TensorRT: {}", line);
      case INFO -> LOG.debug("TensorRT: {}", line);
    }
  }

  @Override
  public GpuDevice gpu() {
    return gpu;
  }

  @Override
  public String version() {
    return version;
  }

  @Override
  public PlanRunner load(ByteBuffer plan) throws GpuException {
    makeCurrent();
    ICudaEngine engine;
    try {
      engine = runtime.deserializeCudaEngine(NvPointers.of(plan), plan.capacity());
    } finally {
      // Its memory is mapped as long as the buffer is reachable.
      Reference.reachabilityFence(plan);
    }
    if (NvPointers.isNull(engine)) {
      throw refusal("TensorRT refuses the plan");
    }
    return new NvPlan(this, engine);
  }

  /**
   * Why TensorRT did not do something, for its calls tell only that they failed: a context that an
   * earlier error made useless, too little memory, or what it was given.
   */
  GpuException refusal(String what) {
    String reason = what + ": " + log.takeErrors();
    int state = CudaNative.cuStreamSynchronize(CudaNative.DEFAULT_STREAM);
    if (CudaDriver.sticky(state)) {
      return new GpuException(reason, true);
    }
    return reason.toLowerCase(Locale.ROOT).replace(" ", "").contains("outofmemory")
        ? GpuException.memoryShort(reason)
        : new GpuException(reason);
  }

  /** The GPU's context belongs to a thread: before anything is called, on whichever it is. */
  void makeCurrent() throws GpuException {
    CudaDriver.check(CudaNative.cuCtxSetCurrent(context), "choosing the GPU");
  }

  long context() {
    return context;
  }

  String takeErrors() {
    return log.takeErrors();
  }

  @Override
  public void reset() {
    LOG.warn("{}: everything of this process on the GPU is given up", gpu.name());
    CudaNative.cuDevicePrimaryCtxReset_v2(device);
    givenUp = true;
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // After a reset there is nothing left that its destructor could free.
    if (!givenUp && CudaNative.cuCtxSetCurrent(context) == CudaNative.SUCCESS) {
      NvPointers.delete(runtime);
    }
    CudaNative.cuDevicePrimaryCtxRelease_v2(device);
  }
}
