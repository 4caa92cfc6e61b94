package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.frame.GroundTruth;
import org.junit.jupiter.api.Test;

/** The simulated rig and the networks count the same classes; neither module sees the other. */
class ClassNamesTest {

  @Test
  void groundTruth_countsAsMfNetDoes() {
    assertEquals(MfNet.CLASSES, GroundTruth.CLASSES);
  }
}
