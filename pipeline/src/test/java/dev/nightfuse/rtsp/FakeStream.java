package dev.nightfuse.rtsp;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.stream.Subscription;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.stream.View;
import dev.nightfuse.testing.H264Sample;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * A stream that replays a sample for ever, one picture per {@link #publish}, and goes to the next
 * key frame when a viewer comes, as an encoder would that is asked for one.
 */
final class FakeStream implements VideoStream {
  private final String rig;
  private final View view;
  private final H264Sample sample;
  private final FrameClock clock;
  private final List<Viewer> viewers = new CopyOnWriteArrayList<>();
  private volatile CompletableFuture<StreamInfo> info;
  private volatile boolean keyFrameWanted;
  private int next;
  private long sequence;

  FakeStream(String rig, View view, H264Sample sample, FrameClock clock) {
    this.rig = rig;
    this.view = view;
    this.sample = sample;
    this.clock = clock;
    this.info = CompletableFuture.completedFuture(sample.info());
  }

  /** Makes DESCRIBE wait for what the test gives. */
  void info(CompletableFuture<StreamInfo> future) {
    info = future;
  }

  @Override
  public String rig() {
    return rig;
  }

  @Override
  public View view() {
    return view;
  }

  @Override
  public CompletableFuture<StreamInfo> info() {
    return info;
  }

  @Override
  public int viewers() {
    return viewers.size();
  }

  @Override
  public Subscription subscribe(String name, int queueUnits, Runnable wakeUp) {
    Viewer viewer = new Viewer(queueUnits, wakeUp);
    viewers.add(viewer);
    keyFrameWanted = true;
    return viewer;
  }

  /** Sends the next picture, captured now, to all viewers. */
  synchronized AccessUnit publish() {
    return publish(clock.nowNs());
  }

  synchronized AccessUnit publish(long captureNs) {
    if (keyFrameWanted) {
      keyFrameWanted = false;
      while (!sample.pictures().get(next).keyFrame()) {
        next = (next + 1) % sample.pictures().size();
      }
    }
    AccessUnit unit = sample.pictures().get(next).unit(sequence++, captureNs, clock.wallNowNs());
    next = (next + 1) % sample.pictures().size();
    viewers.forEach(v -> v.offer(unit));
    return unit;
  }

  /** The stream is over. */
  void end() {
    viewers.forEach(Viewer::finish);
  }

  private final class Viewer implements Subscription {
    private final int queueUnits;
    private final Runnable wakeUp;
    private final Deque<AccessUnit> queue = new ArrayDeque<>();
    private boolean waitsForKeyFrame = true;
    private boolean started;
    private boolean over;
    private long dropped;

    Viewer(int queueUnits, Runnable wakeUp) {
      this.queueUnits = queueUnits;
      this.wakeUp = wakeUp;
    }

    void offer(AccessUnit unit) {
      boolean wake;
      synchronized (this) {
        if (queue.size() == queueUnits) {
          dropped += queue.size();
          queue.clear();
          waitsForKeyFrame = true;
          keyFrameWanted = true;
        }
        if (waitsForKeyFrame && !unit.keyFrame()) {
          dropped += started ? 1 : 0;
          return;
        }
        started = true;
        waitsForKeyFrame = false;
        wake = queue.isEmpty();
        queue.add(unit);
      }
      if (wake) {
        wakeUp.run();
      }
    }

    void finish() {
      synchronized (this) {
        over = true;
      }
      wakeUp.run();
    }

    @Override
    public synchronized @Nullable AccessUnit poll() {
      return queue.poll();
    }

    @Override
    public synchronized long dropped() {
      return dropped;
    }

    @Override
    public synchronized boolean ended() {
      return over && queue.isEmpty();
    }

    @Override
    public void close() {
      viewers.remove(this);
    }
  }
}
