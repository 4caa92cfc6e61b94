package dev.nightfuse.recording;

import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamHub;
import dev.nightfuse.stream.View;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.TinyH264;

/** A hub that is fed by hand with real H.264, a key frame each second at 25 pictures a second. */
final class FakeStream {

  static final int GROUP = 25;
  static final long PERIOD_NS = 40_000_000;

  final StreamHub hub;
  private final FrameClock clock;
  private TinyH264 source = new TinyH264(64, 48, 25);
  private long index;
  private long captureNs;

  FakeStream(FrameClock clock) {
    this.clock = clock;
    this.hub = new StreamHub("demo", View.FUSED, clock, new StageMetrics("demo", "send"));
    this.captureNs = clock.nowNs();
    hub.described(source.info(), "tiny");
  }

  /** The stream's picture size changes, as after a change of the encoder. */
  void change() {
    source = new TinyH264(96, 48, 25);
    index += GROUP - index % GROUP;
  }

  void skipMs(long ms) {
    captureNs += ms * 1_000_000;
  }

  void publish(int units) {
    for (int i = 0; i < units; i++) {
      AccessUnit unit = source.unit(index, GROUP, captureNs);
      long wallNs = captureNs - clock.nowNs() + clock.wallNowNs();
      hub.publish(new AccessUnit(unit.payload(), unit.keyFrame(), index, captureNs, wallNs, 0));
      index++;
      captureNs += PERIOD_NS;
    }
  }
}
