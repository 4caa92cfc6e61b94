package dev.nightfuse.engine.tensorrt;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.tensorrt.global.nvinfer.TensorIOMode;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A deserialised plan and its slots. */
final class NvPlan implements PlanRunner {

  private static final Logger LOG = LoggerFactory.getLogger(NvPlan.class);

  private final NvRuntime runtime;
  private final ICudaEngine engine;
  private final List<PlanTensor> tensors = new ArrayList<>();
  private final List<NvSlot> slots = new ArrayList<>();
  private boolean lost;
  private boolean closed;

  NvPlan(NvRuntime runtime, ICudaEngine engine) {
    this.runtime = runtime;
    this.engine = engine;
    for (int i = 0; i < engine.getNbIOTensors(); i++) {
      String name = engine.getIOTensorName(i);
      tensors.add(
          new PlanTensor(
              name,
              engine.getTensorIOMode(name).value == TensorIOMode.kINPUT.value,
              engine.getTensorDataType(name).intern().name().substring(1),
              NvPointers.sizes(engine.getTensorShape(name))));
    }
  }

  @Override
  public List<PlanTensor> tensors() {
    return List.copyOf(tensors);
  }

  @Override
  public void prepare(PlanShape shape) throws GpuException {
    runtime.makeCurrent();
    for (int i = 0; i < SLOTS; i++) {
      slots.add(new NvSlot(runtime, engine, shape));
    }
    int graphs = slots.stream().mapToInt(NvSlot::graphs).sum();
    LOG.debug(
        "plan prepared: {} slots, batches to {}, {} CUDA graphs, {} MiB for activations a slot",
        SLOTS,
        shape.maxBatch(),
        graphs,
        engine.getDeviceMemorySizeV2() >> 20);
  }

  @Override
  public ByteBuffer host(int slot, String tensor) {
    return slots.get(slot).host(tensor);
  }

  @Override
  public void launch(int slot, int batch) throws GpuException {
    try {
      runtime.makeCurrent();
      slots.get(slot).launch(batch);
    } catch (GpuException e) {
      lost |= e.contextLost();
      throw e;
    }
  }

  @Override
  public void await(int slot) throws GpuException {
    try {
      runtime.makeCurrent();
      slots.get(slot).await();
    } catch (GpuException e) {
      lost |= e.contextLost();
      throw e;
    }
  }

  @Override
  public double gpuMs(int slot) throws GpuException {
    return slots.get(slot).gpuMs();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (lost || CudaNative.cuCtxSetCurrent(runtime.context()) != CudaNative.SUCCESS) {
      // Nothing can be freed any more; the reset of the context frees the GPU's side.
      return;
    }
    slots.forEach(NvSlot::close);
    NvPointers.delete(engine);
  }
}
