package dev.nightfuse.engine.tensorrt;

/** Hears how far the build of a plan is; called by one thread at a time. */
public interface BuildListener {

  /**
   * @param fraction 0 to 1, never falling
   * @param phase what is being done, in TensorRT's words
   */
  void progress(double fraction, String phase);

  /** Something worth a line in the log. */
  void said(String line);
}
