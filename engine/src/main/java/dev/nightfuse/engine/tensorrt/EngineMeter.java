package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineSpec;
import dev.nightfuse.engine.FusionBatch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Measures an open engine on random pictures. One thread. */
final class EngineMeter {

  private static final int WARM_UP_CALLS = 20;
  private static final int TIMED_CALLS = 100;

  private final TensorRtEngine engine;
  private final GpuDevice gpu;
  private final long multiplyAdds;
  private final LongSupplier clockNs;

  /**
   * @param multiplyAdds of one pair; 0 when not known
   */
  EngineMeter(TensorRtEngine engine, GpuDevice gpu, long multiplyAdds, LongSupplier clockNs) {
    this.engine = engine;
    this.gpu = gpu;
    this.multiplyAdds = multiplyAdds;
    this.clockNs = clockNs;
  }

  /**
   * @param seconds length of the measurement of throughput
   */
  EngineFigures measure(int pairs, double seconds) throws EngineException {
    FusionBatch[] batches = new FusionBatch[engine.depth()];
    for (int i = 0; i < batches.length; i++) {
      batches[i] = batch(engine.spec(), pairs, i);
    }
    for (int i = 0; i < WARM_UP_CALLS; i++) {
      engine.fuse(batches[0]);
    }
    double[] gpuMs = new double[TIMED_CALLS];
    double[] callMs = new double[TIMED_CALLS];
    for (int i = 0; i < TIMED_CALLS; i++) {
      long startNs = clockNs.getAsLong();
      engine.fuse(batches[0]);
      callMs[i] = (clockNs.getAsLong() - startNs) / 1e6;
      gpuMs[i] = engine.gpuMs();
    }
    double framesPerSecond = throughput(batches, pairs, seconds);
    double tflops = 2 * multiplyAdds * framesPerSecond / 1e12;
    double peak = gpu.peakHalfTflops();
    return new EngineFigures(
        pairs,
        framesPerSecond,
        median(gpuMs) / pairs,
        median(callMs) / pairs,
        tflops,
        peak == 0 ? 0 : tflops / peak);
  }

  private double throughput(FusionBatch[] batches, int pairs, double seconds)
      throws EngineException {
    long lengthNs = (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    int begun = 0;
    int finished = 0;
    long startNs = clockNs.getAsLong();
    long nowNs = startNs;
    while (nowNs - startNs < lengthNs || finished == 0) {
      while (begun - finished < batches.length) {
        engine.begin(batches[begun++ % batches.length]);
      }
      engine.finish();
      finished++;
      nowNs = clockNs.getAsLong();
    }
    for (int left = begun - finished; left > 0; left--) {
      engine.finish();
    }
    return pairs * finished / Math.max(1e-9, (nowNs - startNs) / 1e9);
  }

  private static FusionBatch batch(EngineSpec spec, int pairs, int seed) {
    Random random = new Random(seed);
    FusionBatch batch = new FusionBatch(pairs);
    int luma = spec.widthPx() * spec.heightPx();
    int chroma = (spec.widthPx() + 1) / 2 * ((spec.heightPx() + 1) / 2);
    for (int i = 0; i < pairs; i++) {
      batch.add(
          plane(random, luma),
          plane(random, chroma),
          plane(random, chroma),
          plane(random, luma),
          ByteBuffer.allocateDirect(luma),
          spec.segments()
              ? ByteBuffer.allocateDirect(spec.labelWidthPx() * spec.labelHeightPx())
              : null);
    }
    return batch;
  }

  private static ByteBuffer plane(Random random, int sizeBytes) {
    byte[] values = new byte[sizeBytes];
    random.nextBytes(values);
    return ByteBuffer.allocateDirect(sizeBytes).put(0, values);
  }

  private static double median(double[] values) {
    Arrays.sort(values);
    return values[values.length / 2];
  }
}
