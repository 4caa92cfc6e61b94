package dev.nightfuse.engine.tensorrt;

import com.sun.jna.Pointer;
import dev.nightfuse.engine.Plane;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.tensorrt.global.nvinfer.ExecutionContextAllocationStrategy;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.bytedeco.tensorrt.nvinfer.IExecutionContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One batch's way through the GPU: host memory, device memory, a stream of its own, and for every
 * batch size a context whose launch is captured as a CUDA graph, so that a frame costs one call.
 *
 * <pre>
 *   pinned host --copy--&gt; device --context of the batch--&gt; device --copy--&gt; pinned host
 *   mapped host ----------------- (shared memory) --------------------------&gt; mapped host
 * </pre>
 *
 * <p>A captured graph depends on its context's state, so no context serves two batch sizes. They
 * share one block for activations, as they never run at once.
 */
final class NvSlot implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(NvSlot.class);

  /** Memory of one tensor on both sides. */
  private record Buffer(Plane plane, boolean input, long host, long device, ByteBuffer bytes) {}

  private final NvRuntime runtime;
  private final ICudaEngine engine;
  private final PlanShape shape;
  private final boolean shared;
  private final List<Buffer> buffers = new ArrayList<>();
  private final Map<String, ByteBuffer> byName = new HashMap<>();
  private final List<IExecutionContext> contexts = new ArrayList<>();

  /** Captured launches by batch - 1; 0 where capturing was refused. */
  private final long[] graphs;

  private final float[] milliseconds = new float[1];
  private long stream;

  /** The same for TensorRT: made once, because plans that cannot be captured need it per frame. */
  private CUstream_st wrapped = NvPointers.stream(0);

  private long started;
  private long finished;
  private long activations;

  NvSlot(NvRuntime runtime, ICudaEngine engine, PlanShape shape) throws GpuException {
    this.runtime = runtime;
    this.engine = engine;
    this.shape = shape;
    this.shared = runtime.gpu().integrated();
    this.graphs = new long[shape.maxBatch()];
    try {
      long[] handle = new long[1];
      check(CudaNative.cuStreamCreate(handle, CudaNative.STREAM_NON_BLOCKING), "making a stream");
      stream = handle[0];
      wrapped = NvPointers.stream(stream);
      started = event();
      finished = event();
      for (Plane plane : shape.planes().inputs()) {
        allocate(plane, true);
      }
      for (Plane plane : shape.planes().outputs()) {
        allocate(plane, false);
      }
      activations = deviceMemory(Math.max(256, engine.getDeviceMemorySizeV2()));
      for (int batch = 1; batch <= shape.maxBatch(); batch++) {
        contexts.add(context(batch));
        warmUp(batch);
        graphs[batch - 1] = capture(batch);
      }
    } catch (GpuException | RuntimeException e) {
      close();
      throw e;
    }
  }

  ByteBuffer host(String tensor) {
    ByteBuffer bytes = byName.get(tensor);
    if (bytes == null) {
      throw new IllegalArgumentException("the plan has no tensor " + tensor);
    }
    return bytes;
  }

  int graphs() {
    int count = 0;
    for (long graph : graphs) {
      count += graph == 0 ? 0 : 1;
    }
    return count;
  }

  void launch(int batch) throws GpuException {
    check(CudaNative.cuEventRecord(started, stream), "marking a launch");
    long graph = graphs[batch - 1];
    if (graph != 0) {
      check(CudaNative.cuGraphLaunch(graph, stream), "launching inference");
    } else {
      enqueue(batch);
    }
    check(CudaNative.cuEventRecord(finished, stream), "marking a launch");
  }

  void await() throws GpuException {
    check(CudaNative.cuEventSynchronize(finished), "inference");
  }

  double gpuMs() throws GpuException {
    check(CudaNative.cuEventElapsedTime(milliseconds, started, finished), "timing");
    return milliseconds[0];
  }

  private void allocate(Plane plane, boolean input) throws GpuException {
    long sizeBytes = (long) plane.sizeBytes() * shape.maxBatch();
    if (sizeBytes > Integer.MAX_VALUE) {
      throw new GpuException(
          "%d planes of %d bytes are too many".formatted(shape.maxBatch(), plane.sizeBytes()));
    }
    long[] address = new long[1];
    int flags = CudaNative.HOST_PORTABLE | (shared ? CudaNative.HOST_DEVICE_MAP : 0);
    check(CudaNative.cuMemHostAlloc(address, sizeBytes, flags), "taking pinned memory");
    long host = address[0];
    ByteBuffer bytes = new Pointer(host).getByteBuffer(0, sizeBytes);
    byName.put(plane.name(), bytes);
    long device = 0;
    try {
      if (shared) {
        check(CudaNative.cuMemHostGetDevicePointer_v2(address, host, 0), "mapping memory");
        device = address[0];
      } else {
        device = deviceMemory(sizeBytes);
      }
    } finally {
      // Also what failed half-way is freed by close.
      buffers.add(new Buffer(plane, input, host, device, bytes));
    }
  }

  private IExecutionContext context(int batch) throws GpuException {
    IExecutionContext context =
        engine.createExecutionContext(ExecutionContextAllocationStrategy.kUSER_MANAGED);
    if (NvPointers.isNull(context)) {
      throw runtime.refusal("TensorRT makes no context");
    }
    // Only the first context of an engine has a profile without asking.
    boolean good = context.setOptimizationProfileAsync(shape.profileOf(batch), wrapped);
    check(CudaNative.cuStreamSynchronize(stream), "choosing a profile");
    context.setDeviceMemoryV2(
        new NvPointers.Raw(activations), Math.max(256, engine.getDeviceMemorySizeV2()));
    for (Buffer buffer : buffers) {
      Plane plane = buffer.plane;
      if (buffer.input) {
        good &=
            context.setInputShape(
                plane.name(), NvPointers.dims(batch, 1, plane.heightPx(), plane.widthPx()));
      }
      good &= context.setTensorAddress(plane.name(), new NvPointers.Raw(buffer.device));
    }
    if (!good || !context.allInputDimensionsSpecified()) {
      NvPointers.delete(context);
      throw new GpuException(
          "the plan does not take %d pairs: %s".formatted(batch, runtime.takeErrors()));
    }
    return context;
  }

  /** TensorRT does part of its work at the first launch of a shape, which cannot be captured. */
  private void warmUp(int batch) throws GpuException {
    enqueue(batch);
    check(CudaNative.cuStreamSynchronize(stream), "the first inference");
  }

  private void enqueue(int batch) throws GpuException {
    for (Buffer buffer : buffers) {
      if (buffer.input && !shared) {
        long sizeBytes = (long) buffer.plane.sizeBytes() * batch;
        check(
            CudaNative.cuMemcpyHtoDAsync_v2(buffer.device, buffer.host, sizeBytes, stream),
            "uploading");
      }
    }
    if (!contexts.get(batch - 1).enqueueV3(wrapped)) {
      throw runtime.refusal("TensorRT launches nothing");
    }
    for (Buffer buffer : buffers) {
      if (!buffer.input && !shared) {
        long sizeBytes = (long) buffer.plane.sizeBytes() * batch;
        check(
            CudaNative.cuMemcpyDtoHAsync_v2(buffer.host, buffer.device, sizeBytes, stream),
            "downloading");
      }
    }
  }

  /** The launch as a graph, or 0 where something in the plan cannot be captured. */
  private long capture(int batch) throws GpuException {
    long[] handle = new long[1];
    int begun = CudaNative.cuStreamBeginCapture_v2(stream, CudaNative.CAPTURE_THREAD_LOCAL);
    check(begun, "beginning a capture");
    String refusal = "";
    try {
      enqueue(batch);
    } catch (GpuException e) {
      refusal = String.valueOf(e.getMessage());
    }
    int ended = CudaNative.cuStreamEndCapture(stream, handle);
    long graph = handle[0];
    if (!refusal.isEmpty() || ended != CudaNative.SUCCESS || graph == 0) {
      LOG.info("batch {} runs without a CUDA graph: {} ({})", batch, refusal, ended);
      if (graph != 0) {
        CudaNative.cuGraphDestroy(graph);
      }
      // Whatever was enqueued meanwhile is gone; the context may be used as before.
      warmUp(batch);
      return 0;
    }
    int made = CudaNative.cuGraphInstantiateWithFlags(handle, graph, 0);
    CudaNative.cuGraphDestroy(graph);
    check(made, "making a CUDA graph");
    return handle[0];
  }

  private static long event() throws GpuException {
    long[] handle = new long[1];
    check(CudaNative.cuEventCreate(handle, CudaNative.EVENT_BLOCKING_SYNC), "making an event");
    return handle[0];
  }

  private static long deviceMemory(long sizeBytes) throws GpuException {
    long[] address = new long[1];
    int outcome = CudaNative.cuMemAlloc_v2(address, sizeBytes);
    if (outcome == CudaNative.OUT_OF_MEMORY) {
      long[] free = new long[1];
      long[] total = new long[1];
      CudaNative.cuMemGetInfo_v2(free, total);
      throw GpuException.memoryShort(
          "the GPU has no %d MiB left: %d of %d MiB are free"
              .formatted(sizeBytes >> 20, free[0] >> 20, total[0] >> 20));
    }
    check(outcome, "taking GPU memory");
    return address[0];
  }

  private static void check(int outcome, String what) throws GpuException {
    CudaDriver.check(outcome, what);
  }

  /** What was made so far; outcomes do not matter any more. */
  @Override
  public void close() {
    if (stream != 0) {
      CudaNative.cuStreamSynchronize(stream);
    }
    for (int i = 0; i < graphs.length; i++) {
      if (graphs[i] != 0) {
        CudaNative.cuGraphExecDestroy(graphs[i]);
        graphs[i] = 0;
      }
    }
    contexts.forEach(NvPointers::delete);
    contexts.clear();
    for (Buffer buffer : buffers) {
      if (!shared && buffer.device != 0) {
        CudaNative.cuMemFree_v2(buffer.device);
      }
      CudaNative.cuMemFreeHost(buffer.host);
    }
    buffers.clear();
    byName.clear();
    if (activations != 0) {
      CudaNative.cuMemFree_v2(activations);
      activations = 0;
    }
    destroy(started);
    destroy(finished);
    started = 0;
    finished = 0;
    if (stream != 0) {
      CudaNative.cuStreamDestroy_v2(stream);
      stream = 0;
    }
  }

  private static void destroy(long event) {
    if (event != 0) {
      CudaNative.cuEventDestroy_v2(event);
    }
  }
}
