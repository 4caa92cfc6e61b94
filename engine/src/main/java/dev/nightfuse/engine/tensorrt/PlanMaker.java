package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import java.nio.file.Path;

/** Turns an ONNX file into a plan for the GPU of this machine. Safe for every thread. */
@FunctionalInterface
interface PlanMaker {

  /** Hears how far a build is; called by the building thread. */
  interface Listener {

    /**
     * @param fraction 0 to 1, never falling
     * @param phase what is being done, in TensorRT's words
     */
    void progress(double fraction, String phase);

    /** Something worth a line in the log. */
    void said(String line);
  }

  /**
   * Builds; takes seconds to tens of minutes. An interrupt ends it.
   *
   * @param target file to write the plan to; left behind only when whole
   * @throws EngineException when the model cannot be built; the reason is TensorRT's
   */
  void make(PlanRequest request, Path target, Listener listener)
      throws EngineException, InterruptedException;
}
