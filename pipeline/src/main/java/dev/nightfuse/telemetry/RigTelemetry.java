package dev.nightfuse.telemetry;

import dev.nightfuse.frame.FrameClock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;

/**
 * What is known about one rig. Wiring registers stages and readings before frames flow; the rig's
 * threads call {@link #fused}; the dashboard reads.
 *
 * <p>Safe for every thread. {@link #fused} allocates nothing, except four times a second, when it
 * takes the values that rates and the figures of the last minute are computed from.
 */
public final class RigTelemetry {

  private static final CameraReading NO_CAMERA =
      new CameraReading("", "CONNECTING", "", 0, 0, Map.of(), 0, 0);
  private static final StatusSnapshot.Recording NOT_RECORDING =
      new StatusSnapshot.Recording(false, "", "", 0, 0, 0, 0, "");

  /** A rig that showed no picture for so long counts as failed. */
  private static final long FAILED_AFTER_NS = 3_000_000_000L;

  private final String name;
  private final FrameClock clock;
  private final Map<Enum<?>, LongAdder> degraded = new LinkedHashMap<>();
  private final List<Stage> stages = new CopyOnWriteArrayList<>();
  private final List<Supplier<StreamReading>> streams = new CopyOnWriteArrayList<>();
  private final List<Stage> senders = new CopyOnWriteArrayList<>();
  private final LongAdder fusedFrames = new LongAdder();

  private final SlidingRate fusedRate = new SlidingRate();
  private final SlidingRate visibleRate = new SlidingRate();
  private final SlidingRate infraredRate = new SlidingRate();
  private final Map<String, SlidingRate> streamRates = new ConcurrentHashMap<>();

  private volatile Supplier<CameraReading> visible = () -> NO_CAMERA;
  private volatile Supplier<CameraReading> infrared = () -> NO_CAMERA;
  private volatile RecentDurations skew;
  private volatile Supplier<StatusSnapshot.Recording> recording = () -> NOT_RECORDING;
  private volatile Fusion fusion = new Fusion(0, 0, "", "", List.of());
  private volatile Set<? extends Enum<?>> degradations = Set.of();
  private volatile long lastPictureNs;
  private volatile long nextSampleNs = Long.MIN_VALUE;

  /** A stage and what it did of late. */
  private record Stage(StageMetrics metrics, RecentDurations recent) {}

  private record Fusion(
      int widthPx, int heightPx, String engine, String model, List<String> classes) {}

  /**
   * @param degradationKinds all values of the enum whose sets {@link #fused} is given, in order
   */
  RigTelemetry(String name, Enum<?>[] degradationKinds, FrameClock clock) {
    this.name = name;
    this.clock = clock;
    this.skew = recent(new DurationHistogram());
    for (Enum<?> kind : degradationKinds) {
      degraded.put(kind, new LongAdder());
    }
  }

  // ---- wiring ----

  /** Metrics for a stage of this rig, to hand to its constructor. */
  public StageMetrics stage(String stage) {
    return added(stage).metrics;
  }

  /** Likewise for a view's last stage, whose duration is the time from capture to the outputs. */
  public StageMetrics sendStage(String view) {
    Stage sender = added("send-" + view);
    senders.add(sender);
    return sender.metrics;
  }

  private Stage added(String name) {
    StageMetrics metrics = new StageMetrics(this.name, name);
    Stage stage = new Stage(metrics, recent(metrics.durations()));
    stages.add(stage);
    return stage;
  }

  private RecentDurations recent(DurationHistogram durations) {
    return new RecentDurations(durations, clock.nowNs(), stages.size() * SlidingRate.SPACING_NS);
  }

  public void cameras(
      Supplier<CameraReading> visibleReading, Supplier<CameraReading> infraredReading) {
    this.visible = visibleReading;
    this.infrared = infraredReading;
  }

  /** The absolute skew of matched pairs. */
  public void skew(DurationHistogram absoluteSkew) {
    this.skew = recent(absoluteSkew);
  }

  public void stream(Supplier<StreamReading> reading) {
    streams.add(reading);
  }

  public void recorder(Supplier<StatusSnapshot.Recording> reading) {
    this.recording = reading;
  }

  /** What fuses, and the size of the pictures; again whenever that changes. */
  public void fusion(int widthPx, int heightPx, String engine, String model, List<String> classes) {
    this.fusion = new Fusion(widthPx, heightPx, engine, model, List.copyOf(classes));
  }

  // ---- frames ----

  /**
   * One fused frame is made.
   *
   * @param degradationsNow what is less than it should be; kept until the next frame, not changed
   */
  public void fused(Set<? extends Enum<?>> degradationsNow) {
    fusedFrames.increment();
    degradations = degradationsNow;
    for (Enum<?> kind : degradationsNow) {
      LongAdder frames = degraded.get(kind);
      if (frames != null) {
        frames.increment();
      }
    }
    lived();
  }

  /** A slow engine's or camera's last picture goes out again, or that of a recording that ended. */
  public void shown(Set<? extends Enum<?>> degradationsNow) {
    degradations = degradationsNow;
    lived();
  }

  private void lived() {
    long nowNs = clock.nowNs();
    lastPictureNs = nowNs;
    passed(nowNs);
  }

  private void passed(long nowNs) {
    if (nowNs >= nextSampleNs) {
      sample(nowNs);
    }
  }

  /** What is less than it should be while no camera delivers; kept until the next frame. */
  public void degraded(Set<? extends Enum<?>> degradationsNow) {
    degradations = degradationsNow;
    passed(clock.nowNs());
  }

  public long fusedCount() {
    return fusedFrames.sum();
  }

  /** Time since the last picture, new or shown again, or -1 before the first. */
  public long sinceLastPictureNs() {
    return fusedFrames.sum() == 0 ? -1 : clock.nowNs() - lastPictureNs;
  }

  /** Whether pictures came, and come no more; those of a slow camera are shown again meanwhile. */
  boolean hasFailed() {
    return sinceLastPictureNs() > FAILED_AFTER_NS;
  }

  // ---- reading ----

  boolean isDegraded() {
    return !degradations.isEmpty();
  }

  private synchronized void sample(long nowNs) {
    nextSampleNs = nowNs + SlidingRate.SPACING_NS;
    fusedRate.sample(nowNs, fusedFrames.sum());
    visibleRate.sample(nowNs, visible.get().frames());
    infraredRate.sample(nowNs, infrared.get().frames());
    for (Supplier<StreamReading> stream : streams) {
      StreamReading reading = stream.get();
      streamRate(reading.view()).sample(nowNs, reading.bytes());
    }
    skew.sample(nowNs);
    for (Stage stage : stages) {
      stage.recent.sample(nowNs);
    }
  }

  private SlidingRate streamRate(String view) {
    return streamRates.computeIfAbsent(view, v -> new SlidingRate());
  }

  synchronized StatusSnapshot.Rig snapshot() {
    long nowNs = clock.nowNs();
    Fusion now = fusion;
    List<StatusSnapshot.Stage> stageList = new ArrayList<>();
    for (Stage stage : stages) {
      stageList.add(
          new StatusSnapshot.Stage(
              stage.metrics.stage(),
              stage.metrics.processedCount(),
              stage.metrics.droppedCount(),
              Telemetry.percentilesMs(stage.recent.copy(nowNs))));
    }
    Histogram captureToSend = DurationHistogram.empty();
    senders.forEach(sender -> captureToSend.add(sender.recent.copy(nowNs)));
    List<StatusSnapshot.Stream> streamList = new ArrayList<>();
    for (Supplier<StreamReading> stream : streams) {
      StreamReading r = stream.get();
      double kbitPerS = streamRate(r.view()).perSecond(nowNs, r.bytes()) * 8 / 1000;
      streamList.add(
          new StatusSnapshot.Stream(
              r.view(),
              r.viewers(),
              r.units(),
              r.dropped(),
              Telemetry.rounded(kbitPerS),
              r.encoder()));
    }
    StatusSnapshot.Rig rig =
        new StatusSnapshot.Rig(
            name,
            now.widthPx,
            now.heightPx,
            Telemetry.rounded(fusedRate.perSecond(nowNs, fusedFrames.sum())),
            fusedFrames.sum(),
            camera(visible.get(), visibleRate, nowNs),
            camera(infrared.get(), infraredRate, nowNs),
            Telemetry.percentilesMs(skew.copy(nowNs)),
            Telemetry.percentilesMs(captureToSend),
            degradations.stream().map(Enum::name).sorted().toList(),
            now.engine,
            now.model,
            now.classes,
            stageList,
            streamList,
            recording.get());
    sample(nowNs);
    return rig;
  }

  private static StatusSnapshot.Camera camera(CameraReading r, SlidingRate rate, long nowNs) {
    return new StatusSnapshot.Camera(
        r.uri(),
        r.state(),
        r.message(),
        Telemetry.rounded(rate.perSecond(nowNs, r.frames())),
        r.frames(),
        r.lost(),
        r.withoutPartner(),
        r.leftOut(),
        r.reconnects());
  }

  void write(PrometheusText out) {
    out.sample(Metric.FUSED_FRAMES, fusedFrames.sum(), name);
    Set<? extends Enum<?>> active = degradations;
    degraded.forEach(
        (kind, frames) -> {
          String label = Telemetry.label(kind.name());
          out.sample(Metric.DEGRADED_FRAMES, frames.sum(), name, label);
          out.sample(Metric.DEGRADATION_ACTIVE, active.contains(kind) ? 1 : 0, name, label);
        });
    out.histogram(Metric.PAIR_SKEW, skew.all().copy(), name);
    Histogram captureToSend = DurationHistogram.empty();
    senders.forEach(sender -> captureToSend.add(sender.metrics.durationsNs()));
    out.histogram(Metric.CAPTURE_TO_SEND, captureToSend, name);
    for (Stage stage : stages) {
      Telemetry.write(out, stage.metrics);
    }
    write(out, "visible", visible.get());
    write(out, "infrared", infrared.get());
    for (Supplier<StreamReading> stream : streams) {
      StreamReading r = stream.get();
      out.sample(Metric.STREAM_VIEWERS, r.viewers(), name, r.view());
      out.sample(Metric.STREAM_UNITS, r.units(), name, r.view());
      out.sample(Metric.STREAM_BYTES, r.bytes(), name, r.view());
      out.sample(Metric.STREAM_DROPPED, r.dropped(), name, r.view());
    }
    StatusSnapshot.Recording recorded = recording.get();
    out.sample(Metric.RECORDING_ACTIVE, recorded.active() ? 1 : 0, name);
    out.sample(Metric.RECORDING_BYTES, recorded.bytes(), name);
    out.sample(Metric.RECORDING_DROPPED, recorded.dropped(), name);
    out.sample(Metric.RECORDING_DELETED, recorded.deleted(), name);
    out.sample(Metric.RECORDED_PAIRS, recorded.pairs(), name);
  }

  private void write(PrometheusText out, String camera, CameraReading r) {
    for (String state : List.of("CONNECTING", "READY", "FFC", "FROZEN", "LOST", "ENDED")) {
      int now = r.state().equals(state) ? 1 : 0;
      out.sample(Metric.CAMERA_STATE, now, name, camera, Telemetry.label(state));
    }
    out.sample(Metric.CAMERA_FRAMES, r.frames(), name, camera);
    out.sample(Metric.CAMERA_LOST, r.lost(), name, camera);
    r.unmatched().forEach((why, n) -> out.sample(Metric.CAMERA_UNMATCHED, n, name, camera, why));
    out.sample(Metric.CAMERA_RECONNECTS, r.reconnects(), name, camera);
  }
}
