package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.telemetry.StageMetrics;
import java.io.FileInputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Processor time of one encoded frame, copy into GStreamer and copy of the payload included.
 *
 * <pre>
 *   ffmpeg -i VIDEO -frames:v 150 -vf scale=640:480 -pix_fmt yuv420p -f rawvideo frames.yuv
 *   java -cp ... dev.nightfuse.encode.EncodeBenchmark frames.yuv 640 480 [preset] [kbit/s]
 * </pre>
 */
final class EncodeBenchmark {

  private static final int ROUNDS = 8;

  private EncodeBenchmark() {}

  public static void main(String[] args) throws Exception {
    Path file = Path.of(args[0]);
    FrameFormat format =
        new FrameFormat(PixelFormat.I420, Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    String preset = args.length > 3 ? args[3] : "ultrafast";
    int kbit = args.length > 4 ? Integer.parseInt(args[4]) : 2_500;
    EncoderSettings settings = new EncoderSettings(30, kbit, preset, 2_000, 5_000);
    List<Frame> frames = load(file, format);
    StageMetrics metrics = new StageMetrics("", "encode");
    AtomicLong bytes = new AtomicLong();
    Semaphore out = new Semaphore(0);
    VideoEncoder.Listener listener =
        new VideoEncoder.Listener() {
          @Override
          public void described(StreamInfo info) {}

          @Override
          public void encoded(AccessUnit unit) {
            bytes.addAndGet(unit.payload().length);
            out.release();
          }
        };
    double[] cpuMs = new double[ROUNDS];
    try (VideoEncoder encoder =
        new GstEncoderFactory(
                GstRuntime.start(),
                List.of(EncoderKind.X264),
                settings,
                FrameClock.system(),
                metrics,
                "b")
            .open(format, listener)) {
      long captureNs = 0;
      for (int round = 0; round < ROUNDS; round++) {
        long startNs = processCpuNs();
        for (Frame frame : frames) {
          captureNs += 33_333_333;
          if (!encoder.push(frame, captureNs, 0)) {
            throw new IllegalStateException("dropped: " + encoder.failure());
          }
          out.acquire();
        }
        cpuMs[round] = (processCpuNs() - startNs) / 1e6 / frames.size();
      }
    }
    double kbitPerS = bytes.get() * 8 / 1000.0 / (ROUNDS * frames.size() / 30.0);
    System.out.printf(
        "%s %s %d kbit/s: CPU ms per frame by round %s, minimum %.2f; got %.0f kbit/s;"
            + " push to unit p50 %.2f ms%n",
        format,
        preset,
        kbit,
        Arrays.toString(Arrays.stream(cpuMs).map(ms -> Math.round(ms * 100) / 100.0).toArray()),
        Arrays.stream(cpuMs).min().orElse(0),
        kbitPerS,
        metrics.durationsNs().getValueAtPercentile(50) / 1e6);
  }

  /** utime and stime of all threads, in ticks of 10 ms. */
  private static long processCpuNs() throws IOException {
    String stat = Files.readString(Path.of("/proc/self/stat"));
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10_000_000L;
  }

  private static List<Frame> load(Path file, FrameFormat format) throws IOException {
    int count = (int) (Files.size(file) / format.sizeBytes());
    FramePool pool = new FramePool(format, count);
    List<Frame> frames = new ArrayList<>();
    try (FileInputStream in = new FileInputStream(file.toFile());
        FileChannel channel = in.getChannel()) {
      for (int i = 0; i < count; i++) {
        Frame frame = Objects.requireNonNull(pool.tryBorrow());
        channel.read(frame.data().duplicate().clear(), (long) i * format.sizeBytes());
        frames.add(frame);
      }
    }
    return frames;
  }
}
