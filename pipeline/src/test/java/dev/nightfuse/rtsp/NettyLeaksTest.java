package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.junit.jupiter.api.Test;

/** The leak watcher of the other tests does see a leak. */
final class NettyLeaksTest {

  @Test
  void leaks_forgottenBuffer_isReported() {
    NettyLeaks leaks = new NettyLeaks();
    leaks.watch();
    forget();
    assertFalse(leaks.stop().isEmpty());
  }

  private static void forget() {
    ByteBuf forgotten = ByteBufAllocator.DEFAULT.directBuffer(64);
    forgotten.writeInt(1);
  }
}
