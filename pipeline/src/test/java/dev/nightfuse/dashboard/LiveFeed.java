package dev.nightfuse.dashboard;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamDirectory;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.VideoStream;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.H264Sample;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Plays clips into real stream hubs at 30 pictures a second, as the pipeline would. */
final class LiveFeed implements StreamDirectory, AutoCloseable {

  private static final long PERIOD_NS = 33_333_333L;

  private final FrameClock clock = FrameClock.system();
  private final long captureDelayNs;
  private final List<Channel> channels = new ArrayList<>();
  private final Thread thread;
  private volatile boolean running = true;
  private volatile boolean paused;

  /** One view with its clip and where it is. */
  private static final class Channel {
    private final StreamHub hub;
    private volatile H264Sample clip;
    private int position;
    private boolean encoding;
    private long sequence;

    Channel(StreamHub hub, H264Sample clip) {
      this.hub = hub;
      this.clip = clip;
    }
  }

  /** {@code captureDelayNs}: how old a picture is when it leaves the pretended encoder. */
  LiveFeed(List<String> rigs, Map<View, H264Sample> clips, long captureDelayNs) {
    this.captureDelayNs = captureDelayNs;
    for (String rig : rigs) {
      clips.forEach(
          (view, clip) ->
              channels.add(
                  new Channel(
                      new StreamHub(rig, view, clock, new StageMetrics(rig, "send")), clip)));
    }
    thread = new Thread(this::run, "test-feed");
    thread.setDaemon(true);
    thread.start();
  }

  static LiveFeed tiny() {
    return tiny(List.of("demo"));
  }

  static LiveFeed tiny(List<String> rigs) {
    H264Sample clip = H264Sample.tiny(64, 48, 15);
    Map<View, H264Sample> clips = new LinkedHashMap<>();
    for (View view : View.values()) {
      clips.put(view, clip);
    }
    return new LiveFeed(rigs, clips, 0);
  }

  /** Puts another clip on a view, as when its encoder is rebuilt for another size. */
  void replace(View view, H264Sample clip) {
    for (Channel channel : channels) {
      if (channel.hub.view() == view) {
        channel.clip = clip;
      }
    }
  }

  /** Like a lost camera: no pictures while true. */
  void pause(boolean value) {
    paused = value;
  }

  StreamHub hub(View view) {
    for (Channel channel : channels) {
      if (channel.hub.view() == view) {
        return channel.hub;
      }
    }
    throw new IllegalArgumentException("no view " + view);
  }

  List<StreamHub> hubs(String rig) {
    return channels.stream().map(c -> c.hub).filter(hub -> hub.rig().equals(rig)).toList();
  }

  @Override
  public List<VideoStream> streams() {
    return channels.stream().<VideoStream>map(channel -> channel.hub).toList();
  }

  private void run() {
    long nextNs = clock.nowNs();
    while (running) {
      long waitNs = nextNs - clock.nowNs();
      if (waitNs > 0) {
        LockSupport.parkNanos(waitNs);
        continue;
      }
      if (!paused) {
        for (Channel channel : channels) {
          step(channel);
        }
      }
      nextNs += PERIOD_NS;
    }
  }

  private void step(Channel channel) {
    StreamHub hub = channel.hub;
    if (!hub.wanted()) {
      if (channel.encoding) {
        channel.encoding = false;
        hub.idle();
      }
      return;
    }
    H264Sample clip = channel.clip;
    List<H264Sample.Picture> pictures = clip.pictures();
    if (!channel.encoding) {
      channel.encoding = true;
      channel.position = 0;
      hub.described(clip.info(), "test feed");
    }
    if (channel.position >= pictures.size()) {
      channel.position = 0;
    }
    if (hub.takeKeyFrameRequest()) {
      while (!pictures.get(channel.position).keyFrame()) {
        channel.position = (channel.position + 1) % pictures.size();
      }
    }
    H264Sample.Picture picture = pictures.get(channel.position++);
    hub.publish(
        new AccessUnit(
            picture.payload(),
            picture.keyFrame(),
            channel.sequence++,
            clock.nowNs() - captureDelayNs,
            clock.wallNowNs() - captureDelayNs,
            0));
  }

  @Override
  public void close() {
    running = false;
    try {
      thread.join(5_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    channels.forEach(channel -> channel.hub.close());
  }
}
