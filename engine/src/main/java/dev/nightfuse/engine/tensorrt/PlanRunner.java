package dev.nightfuse.engine.tensorrt;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * A loaded plan with {@link #SLOTS} slots, each with host memory for every tensor, so that one is
 * filled or emptied while the other computes.
 *
 * <p><b>Thread.</b> One at a time. <b>States.</b> {@link #prepare} once, then any number of {@link
 * #launch} and {@link #await} in pairs for each slot, then {@link #close}. <b>Ownership.</b> The
 * host memory is the runner's and valid until it is closed.
 */
interface PlanRunner extends AutoCloseable {

  int SLOTS = 2;

  /** Inputs and outputs, as the plan declares them. */
  List<PlanTensor> tensors();

  /**
   * Takes memory, and captures the launches of every batch from 1 to {@code maxBatch}. The sizes
   * were compared with {@link #tensors()} before.
   */
  void prepare(PlanShape shape) throws GpuException;

  /** Host memory of a tensor: planes of the batch, one after another. */
  ByteBuffer host(int slot, String tensor);

  /** Starts upload, inference and download of the first pairs of a slot; returns at once. */
  void launch(int slot, int batch) throws GpuException;

  /** Returns when the slot's outputs are in its host memory. */
  void await(int slot) throws GpuException;

  /** Time that the GPU took for the slot's last launch, upload to download. */
  double gpuMs(int slot) throws GpuException;

  /** Frees everything on the GPU; after a lost context only what still can be freed. */
  @Override
  void close();
}
