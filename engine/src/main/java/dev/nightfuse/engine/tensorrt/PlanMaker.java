package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import java.nio.file.Path;

/** Turns an ONNX file into a plan for the GPU of this machine. Safe for every thread. */
@FunctionalInterface
interface PlanMaker {

  /**
   * Builds; takes seconds to tens of minutes. An interrupt ends it.
   *
   * @param target file to write the plan to; left behind only when whole
   * @throws EngineException when the model cannot be built; the reason is TensorRT's
   */
  void make(PlanRequest request, Path target, BuildListener listener)
      throws EngineException, InterruptedException;
}
