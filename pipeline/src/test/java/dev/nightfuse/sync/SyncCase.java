package dev.nightfuse.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.AfterEach;

/** A test on a rig of its own; each also proves that no frame leaks. */
abstract class SyncCase {

  static final double P30 = 1000.0 / 30;

  SyncRig rig = new SyncRig(SyncSettings.live());

  final void use(SyncSettings settings) {
    rig = new SyncRig(settings);
  }

  @AfterEach
  final void everyFrameComesBack() {
    rig.sync.close();
    assertEquals(0, rig.pool.leased(), "frames not released");
  }
}
