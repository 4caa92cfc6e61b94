package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.registration.TimeOffset;
import dev.nightfuse.sync.SyncSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibratedTimesTest {

  @TempDir Path folder;

  private CalibratedTimes configured(int visibleMs, int infraredMs, int waitMs) throws Exception {
    Path config =
        Files.writeString(
            folder.resolve("car.yaml"),
            """
            rigs:
              - name: car
                visible: {uri: "simulated:night", offset_ms: %d}
                infrared: {uri: "simulated:night", offset_ms: %d}
                sync: {wait_ms: %d}
            """
                .formatted(visibleMs, infraredMs, waitMs));
    return new CalibratedTimes(ConfigLoader.load(config).rigs().get(0));
  }

  @Test
  void said_notReliable_saysForHowLongToLook() throws Exception {
    String said = configured(0, 0, 40).said(new TimeOffset.Found(0, 0, false));
    assertTrue(said.endsWith("or they were looked through for less than 5 seconds"), said);
  }

  private static TimeOffset.Found found(double offsetMs) {
    return new TimeOffset.Found(offsetMs, 0.4, true);
  }

  @Test
  void settings_thermalIsLate_itsDelayAndThePatienceThatItTakes() throws Exception {
    assertEquals("  infrared.offset_ms: 18\n", configured(0, 0, 40).settings(found(18.4)));
    assertEquals(
        "  infrared.offset_ms: 33\n  sync.wait_ms: 73\n",
        configured(0, 0, 40).settings(found(33.4)));
    assertEquals(
        "  infrared.offset_ms: 120\n  sync.wait_ms: 160\n",
        configured(0, 0, 40).settings(found(120)));
    assertEquals(
        "  infrared.offset_ms: 960\n  sync.wait_ms: 1000\n",
        configured(0, 0, 60).settings(found(960)));
  }

  @Test
  void settings_visibleIsLate_itsDelayAlone() throws Exception {
    assertEquals("  visible.offset_ms: 80\n", configured(0, 0, 40).settings(found(-80)));
  }

  @Test
  void settings_bothAreKnownToBeLate_whatTheyHaveInCommonStays() throws Exception {
    assertEquals("  infrared.offset_ms: 120\n", configured(100, 100, 40).settings(found(20)));
    assertEquals(
        "  visible.offset_ms: 110\n  infrared.offset_ms: 100\n",
        configured(100, 150, 40).settings(found(-10)));
  }

  @Test
  void settings_whatIsConfiguredIsRightOrNothingIsKnown_nothing() throws Exception {
    assertEquals("", configured(0, 80, 40).settings(found(84)));
    assertEquals("", configured(0, 80, 40).settings(new TimeOffset.Found(0, 0, false)));
  }

  @Test
  void sync_afterwards_matchesByWhatWasFound() throws Exception {
    SyncSettings sync = configured(20, 20, 40).corrected(found(100)).sync();
    assertEquals(20_000_000, sync.visibleOffsetNs());
    assertEquals(120_000_000, sync.infraredOffsetNs());
    assertEquals(140_000_000, sync.maxWaitNs());
    assertTrue(sync.limits().isEmpty(), sync.limits().toString());
  }

  @Test
  void said_earlierOrLater_inWords() throws Exception {
    assertEquals(
        "thermal time stamps are 12 ms (+- 1) earlier than visible ones of the same moment; the configuration takes off 30",
        configured(0, 30, 40).said(found(-12)));
  }
}
