package dev.nightfuse.camera.simulated;

import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FramePool;
import java.util.Arrays;
import java.util.Locale;
import java.util.Objects;

/**
 * CPU time to make one pair on one thread: {@code PairBenchmark ADDRESS [PAIRS]}. Prints median and
 * tenths, visible and infrared apart, and what a pair allocates.
 */
final class PairBenchmark {

  private static final int WARM_UP = 600;

  private PairBenchmark() {}

  public static void main(String[] args) throws Exception {
    SimulatedOptions options = SimulatedOptions.parse(CameraUri.parse(args[0]));
    int pairs = args.length > 1 ? Integer.parseInt(args[1]) : 2000;
    CameraView visible = new CameraView(options, Modality.VISIBLE);
    CameraView infrared = new CameraView(options, Modality.INFRARED);
    Frame one = Objects.requireNonNull(new FramePool(visible.format(), 1).tryBorrow());
    Frame two = Objects.requireNonNull(new FramePool(infrared.format(), 1).tryBorrow());
    double[] first = new double[pairs];
    double[] second = new double[pairs];
    double[] sum = new double[pairs];
    com.sun.management.ThreadMXBean threads =
        (com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean();
    long allocated = 0;
    for (int i = -WARM_UP; i < pairs; i++) {
      if (i == 0) {
        allocated = threads.getCurrentThreadAllocatedBytes();
      }
      long frame = (long) i + WARM_UP;
      long timeNs = frame * 1_000_000_000L / 30;
      long start = threads.getCurrentThreadCpuTime();
      visible.render(one, frame, timeNs);
      long middle = threads.getCurrentThreadCpuTime();
      infrared.render(two, frame, timeNs);
      long end = threads.getCurrentThreadCpuTime();
      if (i >= 0) {
        first[i] = (middle - start) / 1e6;
        second[i] = (end - middle) / 1e6;
        sum[i] = (end - start) / 1e6;
      }
    }
    allocated = threads.getCurrentThreadAllocatedBytes() - allocated;
    print("visible", first);
    print("infrared", second);
    print("pair", sum);
    System.out.printf(Locale.ROOT, "allocated %d bytes/pair%n", allocated / pairs);
  }

  private static void print(String what, double[] ms) {
    Arrays.sort(ms);
    System.out.printf(
        Locale.ROOT,
        "%-9s median %.2f ms, p10 %.2f ms, p90 %.2f ms%n",
        what,
        ms[ms.length / 2],
        ms[ms.length / 10],
        ms[ms.length * 9 / 10]);
  }
}
