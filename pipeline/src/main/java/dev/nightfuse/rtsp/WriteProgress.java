package dev.nightfuse.rtsp;

import dev.nightfuse.frame.FrameClock;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;

/** Watches whether the writes of one channel get done. Event loop thread only. */
final class WriteProgress implements ChannelFutureListener {
  private final FrameClock clock;
  private int pending;
  private long lastProgressNs;

  WriteProgress(FrameClock clock) {
    this.clock = clock;
  }

  void track(ChannelFuture write) {
    if (pending++ == 0) {
      lastProgressNs = clock.nowNs();
    }
    write.addListener(this);
  }

  @Override
  public void operationComplete(ChannelFuture write) {
    pending--;
    lastProgressNs = clock.nowNs();
  }

  long stalledSinceNs() {
    return pending == 0 ? -1 : lastProgressNs;
  }
}
