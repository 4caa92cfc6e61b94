package dev.nightfuse.sync;

import dev.nightfuse.camera.Modality;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Two cameras, a synchronizer and a clock turned by hand. Times are milliseconds. The frames come
 * at their arrival times and the synchronizer is woken exactly when it asks to be.
 */
final class SyncRig {

  static final double NEVER_MS = Double.MAX_VALUE;

  /** What came out, with the frames already released. */
  record Shown(
      FramePair.Kind kind,
      FramePair.Cause cause,
      long visible,
      long infrared,
      double captureMs,
      double skewMs,
      double ageMs,
      double atMs,
      double lastArrivalMs) {}

  private record Arrival(double atMs, double captureMs, Modality camera, long number) {}

  private final FrameFormat format = new FrameFormat(PixelFormat.GRAY8, 16, 16);
  final FramePool pool = new FramePool(format, 256);
  final SyncStatistics statistics = new SyncStatistics();
  final FrameSynchronizer sync;
  final List<Shown> shown = new ArrayList<>();
  private final List<Arrival> arrivals = new ArrayList<>();
  private final List<Arrival> all = new ArrayList<>();
  private final SyncSettings settings;
  private double nowMs;

  SyncRig(SyncSettings settings) {
    this.settings = settings;
    this.sync = new FrameSynchronizer(settings, statistics);
  }

  static long ns(double ms) {
    return Math.round(ms * 1e6);
  }

  /** Frames of one camera, numbered from 0. */
  SyncRig camera(Modality camera, double firstMs, double periodMs, int count, double delayMs) {
    for (int i = 0; i < count; i++) {
      frame(camera, i, firstMs + i * periodMs, delayMs);
    }
    return this;
  }

  SyncRig visible(double captureMs) {
    return frame(Modality.VISIBLE, next(Modality.VISIBLE), captureMs, 0);
  }

  SyncRig infrared(double captureMs) {
    return frame(Modality.INFRARED, next(Modality.INFRARED), captureMs, 0);
  }

  SyncRig frame(Modality camera, long number, double captureMs, double delayMs) {
    Arrival arrival = new Arrival(captureMs + delayMs, captureMs, camera, number);
    arrivals.add(arrival);
    all.add(arrival);
    return this;
  }

  double arrivalMs(Modality camera, long number) {
    return all.stream()
        .filter(a -> a.camera() == camera && a.number() == number)
        .findFirst()
        .orElseThrow()
        .atMs();
  }

  private long next(Modality camera) {
    return arrivals.stream().filter(a -> a.camera() == camera).count();
  }

  /** Lets everything arrive that was put in, up to a time, and lets the synchronizer work. */
  SyncRig runUntil(double endMs) {
    arrivals.sort(Comparator.comparingDouble(Arrival::atMs));
    while (true) {
      double arrivalMs = arrivals.isEmpty() ? NEVER_MS : arrivals.get(0).atMs();
      long wakeNs = sync.nextWakeUpNs();
      double wakeMs = wakeNs == FrameSynchronizer.NEVER ? NEVER_MS : wakeNs / 1e6;
      double nextMs = Math.max(nowMs, Math.min(arrivalMs, wakeMs));
      if (nextMs > endMs) {
        nowMs = endMs;
        return this;
      }
      nowMs = nextMs;
      if (arrivalMs <= nowMs) {
        Arrival arrival = arrivals.remove(0);
        sync.offer(arrival.camera(), picture(arrival), now());
      }
      poll();
    }
  }

  SyncRig run() {
    return runUntil(NEVER_MS / 2);
  }

  void poll() {
    FramePair pair = sync.poll(now());
    while (pair != null) {
      shown.add(
          new Shown(
              pair.kind(),
              pair.cause(),
              number(pair.visible()),
              number(pair.infrared()),
              pair.captureNs() / 1e6,
              pair.skewNs() / 1e6,
              pair.infraredAgeNs() / 1e6,
              nowMs,
              Math.max(arrival(pair.visible()), arrival(pair.infrared())) / 1e6));
      pair.release();
      pair = sync.poll(now());
    }
  }

  long now() {
    return ns(nowMs);
  }

  SyncSettings settings() {
    return settings;
  }

  Frame picture(Modality camera, long number, double captureMs) {
    return picture(new Arrival(nowMs, captureMs, camera, number));
  }

  private Frame picture(Arrival arrival) {
    Frame frame = pool.tryBorrow();
    if (frame == null) {
      throw new AssertionError("the synchronizer holds too much");
    }
    frame.stamp(arrival.number(), ns(arrival.captureMs()), ns(arrival.atMs()));
    return frame;
  }

  List<FramePair.Kind> kinds() {
    return shown.stream().map(Shown::kind).toList();
  }

  /** "visible+infrared" frame numbers, "-" for none. */
  List<String> numbers() {
    return shown.stream()
        .map(
            s ->
                (s.visible() < 0 ? "-" : s.visible())
                    + "+"
                    + (s.infrared() < 0 ? "-" : s.infrared()))
        .toList();
  }

  private static long number(@Nullable Frame frame) {
    return frame == null ? -1 : frame.sequence();
  }

  private static long arrival(@Nullable Frame frame) {
    return frame == null ? Long.MIN_VALUE : frame.arrivalNs();
  }
}
