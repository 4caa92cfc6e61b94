package dev.nightfuse.recording;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.mp4.ParameterSets;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.telemetry.StatusSnapshot;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records one view of one rig into files of a minute or so, and deletes the oldest of them where
 * the settings say so.
 *
 * <p><b>Threads.</b> Every method from any thread. While it records, a thread {@code record-RIG} of
 * its own does all disk work but repairing old files, for which {@code repair-RIG} is there, as
 * long as it; nobody else ever waits for the disk, except {@link #obstacle}, and {@link #stop} and
 * {@link #close}, at most {@value #STOP_MS} ms.
 *
 * <pre>
 *   STOPPED --start--> RECORDING --stop, end of stream--> STOPPED
 *                          +-- disk full, read-only, ... --> FAILED --start--> RECORDING
 * </pre>
 *
 * Where nobody watches, {@link #keepRecording} begins again by itself.
 *
 * <p><b>Crash.</b> What is written plays without repair, except for a torn last fragment, which the
 * next {@link #start} cuts off while it records already.
 */
public final class Recorder implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Recorder.class);
  static final long STOP_MS = 1_000;
  private static final long TICK_MS = 100;
  private static final long AGAIN_S = 30;

  /** Where a single picture is all there is to estimate from. */
  private static final long NOMINAL_PERIOD_NS = 33_333_333;

  private final VideoStream stream;
  private final RecorderSettings settings;
  private final FrameClock clock;
  private final RecordingFolder folder;
  private final Retention.Rig retention;
  private final Consumer<RecordingFolder> repairing;

  /** Guards everything below. */
  private final Object lock = new Object();

  private @Nullable Run run;
  private Progress progress = Progress.NONE;

  /** Whether a recording that failed is begun again. */
  private boolean again;

  private record Progress(String file, long bytes, long dropped, String error) {
    static final Progress NONE = new Progress("", 0, 0, "");
  }

  /** A rig that shares its directory with no other. */
  public Recorder(VideoStream stream, RecorderSettings settings, FrameClock clock) {
    this(stream, settings, clock, new Retention());
  }

  /**
   * @param settings where and how
   * @param clock for what has waited too long to be written
   * @param retention of all rigs that record to this directory
   */
  public Recorder(
      VideoStream stream, RecorderSettings settings, FrameClock clock, Retention retention) {
    this(
        stream,
        settings,
        clock,
        retention,
        new RecordingFolder(settings.folder(stream.rig())),
        RecordingRepair::repair);
  }

  /** With a folder and a repair of one's own, for tests. */
  Recorder(
      VideoStream stream,
      RecorderSettings settings,
      FrameClock clock,
      Retention retention,
      RecordingFolder folder,
      Consumer<RecordingFolder> repairing) {
    this.repairing = repairing;
    this.stream = stream;
    this.settings = settings;
    this.clock = clock;
    this.folder = folder;
    this.retention = retention.add(folder, settings);
  }

  /**
   * Why a recording could not begin now, for the operator, or "". Makes the folder; waits for the
   * disk.
   */
  public String obstacle() {
    synchronized (lock) {
      if (run != null && run.stopping) {
        return "the last recording is still being written";
      }
    }
    try {
      Files.createDirectories(folder.path());
      retention.check();
      if (!Files.isWritable(folder.path())) {
        throw new AccessDeniedException(folder.path().toString());
      }
      return "";
    } catch (IOException e) {
      return DiskTrouble.explained(e);
    }
  }

  /** What is recorded, by this recorder or before it. */
  public RecordingFolder recordings() {
    return folder;
  }

  /**
   * Begins to record; no effect while it does, nor while it still writes what it recorded before,
   * see {@link #obstacle}. Trouble shows in {@link #status}.
   */
  public void start() {
    synchronized (lock) {
      if (run != null) {
        return;
      }
      progress = Progress.NONE;
      Run started = new Run();
      started.thread.start();
      run = started;
    }
  }

  /**
   * Begins to record, and begins again {@value #AGAIN_S} s after each trouble, until {@link #stop}:
   * for vehicles in which nobody would.
   */
  public void keepRecording() {
    synchronized (lock) {
      again = true;
    }
    start();
  }

  /** Finishes the file; what failed is not begun again. */
  public void stop() {
    Run stopped;
    synchronized (lock) {
      again = false;
      stopped = run;
    }
    if (stopped != null) {
      stopped.stop();
    }
  }

  @Override
  public void close() {
    stop();
  }

  /** Whether it records now, and is not about to end. */
  public boolean active() {
    synchronized (lock) {
      return run != null && !run.stopping;
    }
  }

  public StatusSnapshot.Recording status() {
    synchronized (lock) {
      return new StatusSnapshot.Recording(
          run != null,
          stream.view().label(),
          progress.file,
          progress.bytes,
          progress.dropped,
          0,
          retention.deleted(),
          progress.error);
    }
  }

  /** Waits until what is in the way has gone, or somebody starts or stops; then starts. */
  private void beginAgain() {
    long triedNs = clock.nowNs();
    while (waitsToBegin()) {
      if (clock.nowNs() - triedNs >= AGAIN_S * 1_000_000_000) {
        String obstacle = obstacle();
        if (obstacle.isEmpty()) {
          start();
          return;
        }
        synchronized (lock) {
          if (waitsToBegin()) {
            fail(obstacle);
          }
        }
        triedNs = clock.nowNs();
      }
      LockSupport.parkNanos(TICK_MS * 1_000_000);
    }
  }

  private boolean waitsToBegin() {
    synchronized (lock) {
      return again && run == null;
    }
  }

  private void fail(String error) {
    String said =
        error.isEmpty() || !again ? error : error + "; tried again every " + AGAIN_S + " s";
    progress = new Progress("", 0, progress.dropped, said);
  }

  /** One recording from start to stop; its thread owns the files. */
  private final class Run {

    private final Thread thread = new Thread(this::record, "record-" + stream.rig());

    /** Of its own: with thousands of files it takes minutes, in which pictures would be lost. */
    private final Thread repair =
        new Thread(() -> repairing.accept(folder), "repair-" + stream.rig());

    private final Semaphore wake = new Semaphore(0);
    private final List<AccessUnit> pending = new ArrayList<>();

    /** When the first of them came here, which a delay of its camera may make much later. */
    private long pendingSinceNs;

    private volatile boolean stopping;
    private @Nullable SegmentFile segment;

    /** Whether the last write found no room. */
    private boolean noRoom;

    Run() {
      thread.setDaemon(true);
      repair.setDaemon(true);
    }

    void stop() {
      stopping = true;
      wake.release();
      try {
        thread.join(STOP_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      if (thread.isAlive()) {
        LOG.error("recording of {} waits for the disk and is left behind", stream.rig());
      }
    }

    private void record() {
      String error = "";
      try {
        Files.createDirectories(folder.path());
        retention.look();
        retention.makeRoom(0);
        repair.start();
        try (Subscription units = stream.subscribe("recorder", settings.queueUnits(), this::wake)) {
          follow(units);
        }
      } catch (IOException e) {
        error = DiskTrouble.explained(e);
        LOG.error("recording of {} stopped: {}", stream.rig(), error);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException | Error e) {
        // Whatever it is: nobody may believe that it still records.
        error = e.toString();
        LOG.error("recording of {} stopped", stream.rig(), e);
      }
      stopping = true;
      endRepair();
      synchronized (lock) {
        run = null;
        fail(error);
      }
      if (!error.isEmpty()) {
        beginAgain();
      }
    }

    /** The next start must not find it at work. */
    private void endRepair() {
      repair.interrupt();
      try {
        repair.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    private void wake() {
      // One permit is enough: the thread empties the queue each time.
      if (wake.availablePermits() == 0) {
        wake.release();
      }
    }

    private void follow(Subscription units) throws IOException, InterruptedException {
      try {
        while (!stopping && !units.ended()) {
          drain(units);
          flushIfOld();
          if (wake.tryAcquire(TICK_MS, TimeUnit.MILLISECONDS)) {
            wake.drainPermits();
          }
        }
        drain(units);
        report(units.dropped());
      } finally {
        finishSegment();
      }
    }

    /** Takes what is there, at most one queue full, so that it ends while more comes. */
    private void drain(Subscription units) throws IOException {
      for (int i = 0; i < settings.queueUnits(); i++) {
        AccessUnit unit = units.poll();
        if (unit == null) {
          break;
        }
        take(unit);
        report(units.dropped());
      }
    }

    private void take(AccessUnit unit) throws IOException {
      if (!pending.isEmpty()
          && (unit.keyFrame()
              || unit.captureNs() - pending.get(0).captureNs()
                  >= settings.fragmentMs() * 1_000_000)) {
        retention.makeRoom(segment == null ? 0 : segment.bytes());
        flush(unit.captureNs());
      }
      if (unit.keyFrame() && segmentIsOver(unit)) {
        finishSegment();
        openSegment(unit);
      }
      if (segment != null) {
        pendingSinceNs = pending.isEmpty() ? clock.nowNs() : pendingSinceNs;
        pending.add(unit);
      }
    }

    private boolean segmentIsOver(AccessUnit key) {
      SegmentFile current = segment;
      return current == null
          || key.captureNs() - current.startNs() >= settings.segmentMs() * 1_000_000
          || ParameterSets.change(current.info(), key) != null;
    }

    private void openSegment(AccessUnit key) throws IOException {
      // The hub knows the parameters before it publishes the first unit.
      CompletableFuture<StreamInfo> known = stream.info();
      if (!known.isDone() || known.isCompletedExceptionally()) {
        return;
      }
      StreamInfo info = known.join();
      retention.look();
      retention.makeRoom(0);
      StreamInfo changed = ParameterSets.change(info, key);
      try {
        segment = folder.begin(stream.view().label(), changed == null ? info : changed, key);
      } catch (IOException e) {
        makeRoomAfter(e);
      }
    }

    /**
     * Others may have filled the disk since we looked, or a quota may be used up, which no free
     * space shows. Where a recording can go for it, the next key frame begins a new file.
     */
    private void makeRoomAfter(IOException e) throws IOException {
      if (noRoom || stopping || !DiskTrouble.noRoom(e) || !retention.makeAnyRoom()) {
        throw e;
      }
      noRoom = true;
      LOG.warn("recording of {} goes on in a new file: {}", stream.rig(), DiskTrouble.explained(e));
    }

    /** What came too long ago is written, even if nothing follows to say how long it lasts. */
    private void flushIfOld() throws IOException {
      if (!pending.isEmpty()
          && clock.nowNs() - pendingSinceNs >= 2 * settings.fragmentMs() * 1_000_000) {
        flush(estimatedEndNs());
      }
    }

    private long estimatedEndNs() {
      long lastNs = pending.get(pending.size() - 1).captureNs();
      int others = pending.size() - 1;
      long periodNs =
          others > 0 ? (lastNs - pending.get(0).captureNs()) / others : NOMINAL_PERIOD_NS;
      return lastNs + periodNs;
    }

    private void flush(long endNs) throws IOException {
      SegmentFile current = segment;
      try {
        if (current != null) {
          current.append(pending, endNs);
          noRoom = false;
        }
      } catch (IOException e) {
        // It closed itself as well as the disk let it.
        segment = null;
        folder.finished();
        makeRoomAfter(e);
      } finally {
        pending.clear();
      }
    }

    private void finishSegment() throws IOException {
      if (segment != null && !pending.isEmpty()) {
        flush(estimatedEndNs());
      }
      SegmentFile current = segment;
      segment = null;
      if (current != null) {
        try {
          current.finish();
        } catch (IOException e) {
          makeRoomAfter(e);
        } finally {
          folder.finished();
        }
      }
    }

    private void report(long dropped) {
      SegmentFile current = segment;
      synchronized (lock) {
        if (dropped > 0 && progress.dropped == 0) {
          LOG.warn(
              "recording of {} has holes: the disk is slower than the pictures come", stream.rig());
        }
        progress =
            current == null
                ? new Progress("", 0, dropped, "")
                : new Progress(current.path().toString(), current.bytes(), dropped, "");
      }
    }
  }
}
