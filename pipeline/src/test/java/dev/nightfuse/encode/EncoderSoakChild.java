package dev.nightfuse.encode;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.telemetry.StageMetrics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Works an encoder and prints what it costs before and after; with a heap that cannot grow. */
final class EncoderSoakChild {

  private final MovingPicture picture = new MovingPicture(640, 480);
  private final Semaphore units = new Semaphore(0);
  private final GstEncoderFactory factory;

  private EncoderSoakChild(GstRuntime gst) {
    this.factory =
        new GstEncoderFactory(
            gst,
            List.of(EncoderKind.X264),
            EncoderSettings.DEFAULT,
            FrameClock.system(),
            new StageMetrics("demo", "encode"),
            "soak");
  }

  /** Arguments: encoders to open, frames for each, and how many encoders are warm-up. */
  public static void main(String[] args) throws Exception {
    EncoderSoakChild soak = new EncoderSoakChild(GstRuntime.start());
    int encoders = Integer.parseInt(args[0]);
    int frames = Integer.parseInt(args[1]);
    soak.cycles(Integer.parseInt(args[2]), frames);
    print();
    soak.cycles(encoders, frames);
    print();
  }

  private void cycles(int count, int frames) throws Exception {
    for (int i = 0; i < count; i++) {
      try (VideoEncoder encoder = factory.open(picture.format(), listener())) {
        for (int f = 0; f < frames; f++) {
          Frame frame = picture.frame(f);
          boolean taken = encoder.push(frame, f * 33_000_000L, 0);
          frame.release();
          if (!taken || !units.tryAcquire(20, TimeUnit.SECONDS)) {
            throw new IllegalStateException("frame " + f + ": " + encoder.failure());
          }
        }
      }
    }
  }

  private VideoEncoder.Listener listener() {
    return new VideoEncoder.Listener() {
      @Override
      public void described(StreamInfo info) {}

      @Override
      public void encoded(AccessUnit unit) {
        units.release();
      }
    };
  }

  private static void print() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      System.out.printf("%d %d %d%n", status("VmRSS"), open.count(), status("Threads"));
    }
  }

  private static long status(String key) throws IOException {
    try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
      String line = lines.filter(l -> l.startsWith(key + ":")).findFirst().orElseThrow();
      return Long.parseLong(line.replaceAll("\\D", ""));
    }
  }
}
