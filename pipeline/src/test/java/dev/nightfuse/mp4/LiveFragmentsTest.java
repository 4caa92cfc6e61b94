package dev.nightfuse.mp4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.testing.TinyH264;
import dev.nightfuse.testing.Videos;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LiveFragmentsTest {

  private static final long ORIGIN_NS = 77_000_000_000L;

  @TempDir Path folder;

  private final TinyH264 source = new TinyH264(64, 48, 30);

  @ParameterizedTest
  @ValueSource(doubles = {9, 30, 60})
  void next_jitterAndLostFrames_timelineHasNoGapAndStaysWithinOnePeriodOfCapture(double rateHz) {
    long periodNs = Math.round(1e9 / rateHz);
    Random random = new Random(3);
    LiveFragments live = new LiveFragments(source.info(), source.unit(0, 30, ORIGIN_NS));
    long expectedStart = 0;
    long slot = 0;
    for (int i = 0; i < 900; i++) {
      long captureNs = ORIGIN_NS + slot * periodNs + (i == 0 ? 0 : random.nextInt(4_000_000));
      slot += random.nextInt(20) == 0 ? 1 + random.nextInt(10) : 1;
      byte[] fragment = live.next(source.unit(i, 30, captureNs));
      assertEquals(expectedStart, start(fragment));
      long duration = duration(fragment);
      assertTrue(duration > 0);
      expectedStart += duration;
      if (i > 30) {
        double endAfterCaptureMs = expectedStart / 90.0 - (captureNs - ORIGIN_NS) / 1e6;
        assertEquals(periodNs / 1e6, endAfterCaptureMs, periodNs / 1e6 * 0.5);
      }
    }
  }

  @Test
  void next_changedParameterSets_sendsInitSegmentInFront() {
    LiveFragments live = new LiveFragments(source.info(), source.unit(0, 30, ORIGIN_NS));
    live.next(source.unit(0, 30, ORIGIN_NS));
    TinyH264 other = new TinyH264(96, 48, 30);

    byte[] bytes = live.next(other.unit(30, 30, ORIGIN_NS + 1_000_000_000L));

    assertEquals(List.of("ftyp", "moov", "moof", "mdat"), BoxReader.types(bytes));
    assertEquals(
        List.of("moof", "mdat"),
        BoxReader.types(live.next(other.unit(31, 30, ORIGIN_NS + 1_033_000_000L))));
  }

  @Test
  void constructor_keyFrameWithOtherParameterSets_prefersThoseOfTheKeyFrame() {
    StreamInfo stale = new TinyH264(96, 48, 30).info();
    AccessUnit first = source.unit(0, 30, ORIGIN_NS);
    StreamInfo fresh = Objects.requireNonNull(ParameterSets.change(stale, first));
    assertArrayEquals(source.info().sps(), fresh.sps());
    assertNull(ParameterSets.change(fresh, first));
    assertEquals(
        List.of("moof", "mdat"), BoxReader.types(new LiveFragments(stale, first).next(first)));
  }

  @Test
  void constructor_firstUnitNoKeyFrame_isRefused() {
    AccessUnit second = source.unit(1, 30, ORIGIN_NS);
    assertThrows(IllegalArgumentException.class, () -> new LiveFragments(source.info(), second));
  }

  @Test
  void bytes_concatenated_areReadByFfprobeWithoutComplaint() throws Exception {
    LiveFragments live = new LiveFragments(source.info(), source.unit(0, 30, ORIGIN_NS));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(live.initSegment());
    for (int i = 0; i < 60; i++) {
      out.writeBytes(live.next(source.unit(i, 30, ORIGIN_NS + i * 33_000_000L)));
    }
    Path file = Files.write(folder.resolve("live.mp4"), out.toByteArray());
    assertEquals(60, Videos.frames(file));
  }

  private static long start(byte[] fragment) {
    return BoxReader.find(fragment, "moof/traf/tfdt").getLong(4);
  }

  private static long duration(byte[] fragment) {
    ByteBuffer trun = BoxReader.find(fragment, "moof/traf/trun");
    return Integer.toUnsignedLong(trun.getInt(12));
  }
}
