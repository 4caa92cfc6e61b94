package dev.nightfuse.encode;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.FramePool;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.GstRuntime;
import dev.nightfuse.mp4.ParameterSets;
import dev.nightfuse.stream.AccessUnit;
import dev.nightfuse.stream.StreamInfo;
import dev.nightfuse.telemetry.StageMetrics;
import dev.nightfuse.testing.Await;
import dev.nightfuse.testing.HandClock;
import dev.nightfuse.testing.Videos;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class GstVideoEncoderTest {

  private static final long START_NS = 123_456_789_012L;
  private static final long PERIOD_NS = 33_333_333;
  private static final String NO_OUTPUT = "x264enc tune=zerolatency ! identity drop-probability=1";

  private final MovingPicture picture = new MovingPicture(320, 240);
  private final StageMetrics metrics = new StageMetrics("demo", "encode");
  private final Output output = new Output();

  @TempDir Path folder;

  @ParameterizedTest
  @EnumSource
  void push_everyEncoderOfThisMachine_givesOneDecodableUnitPerFrame(EncoderKind kind)
      throws Exception {
    GstRuntime gst = Gst.require(kind.element());
    try (VideoEncoder encoder = open(gst, kind.chain(EncoderSettings.DEFAULT))) {
      encode(encoder, 0, 90);
    }
    assertEquals(90, output.units.size());
    for (int i = 0; i < 90; i++) {
      AccessUnit unit = output.units.get(i);
      assertEquals(captureNs(i), unit.captureNs());
      assertEquals(captureNs(i) + 5, unit.captureWallNs());
      assertEquals(i, unit.sequence());
      if (unit.keyFrame()) {
        assertNotNull(ParameterSets.sps(unit.payload()));
        assertNotNull(ParameterSets.pps(unit.payload()));
        assertTrue(ParameterSets.hasIdr(unit.payload()));
      }
    }
    assertTrue(output.units.get(0).keyFrame());
    assertEquals(90, decodedFrames());
    assertEquals(90, metrics.processedCount());
    assertEquals(0, metrics.droppedCount());
    assertEquals(0, picture.leased());
  }

  @Test
  void described_firstUnit_comesBeforeItWithParametersOfTheStream() throws Exception {
    try (VideoEncoder encoder = x264()) {
      encode(encoder, 0, 2);
    }
    assertEquals(1, output.infos.size());
    StreamInfo info = output.infos.get(0);
    assertEquals(320, info.widthPx());
    assertEquals(240, info.heightPx());
    assertEquals(0x67, info.sps()[0]);
    assertEquals(0x68, info.pps()[0]);
  }

  @ParameterizedTest
  @EnumSource
  void requestKeyFrame_midStream_nextFrameIsKeyFrame(EncoderKind kind) throws Exception {
    GstRuntime gst = Gst.require(kind.element());
    try (VideoEncoder encoder = open(gst, kind.chain(EncoderSettings.DEFAULT))) {
      encode(encoder, 0, 7);
      encoder.requestKeyFrame();
      encode(encoder, 7, 5);
      encoder.requestKeyFrame();
      encode(encoder, 12, 5);
    }
    assertEquals(List.of(0L, 7L, 12L), output.keyFrames());
  }

  @Test
  void push_slowRealRate_keyFramesComeByTimeNotByCount() throws Exception {
    try (VideoEncoder encoder = x264()) {
      for (int i = 0; i < 20; i++) {
        push(encoder, i, START_NS + i * 500_000_000L);
      }
    }
    assertEquals(List.of(0L, 4L, 8L, 12L, 16L), output.keyFrames());
  }

  @ParameterizedTest
  @ValueSource(ints = {10, 25, 60})
  void push_anyRate_takesTheBitRateThatIsConfigured(int fps) throws Exception {
    EncoderSettings settings = new EncoderSettings(30, 400, "ultrafast", 2_000, 2_000);
    GstEncoderFactory factory = factory(settings, EncoderKind.X264);
    int seconds = 8;
    try (VideoEncoder encoder = factory.open(picture.format(), fps, output)) {
      for (int i = 0; i < seconds * fps; i++) {
        push(encoder, i, START_NS + i * 1_000_000_000L / fps);
      }
    }
    long bits = output.units.stream().mapToLong(unit -> 8L * unit.payload().length).sum();
    assertEquals(400, bits / 1000.0 / seconds, 40);
    assertEquals(fps, output.infos.get(0).framesPerSecond());
  }

  @Test
  void push_encoderBusy_dropsAndCounts() throws Exception {
    try (VideoEncoder encoder = open(Gst.require("x264enc"), NO_OUTPUT)) {
      for (int i = 0; i < 5; i++) {
        Frame frame = picture.frame(i);
        assertEquals(i < 2, encoder.push(frame, captureNs(i), 0));
        frame.release();
      }
    }
    assertEquals(3, metrics.droppedCount());
  }

  @Test
  void failure_nothingComesOut_isReportedAfterTheStallTime() throws Exception {
    HandClock clock = new HandClock();
    try (VideoEncoder encoder = open(Gst.require("x264enc"), NO_OUTPUT, clock)) {
      Frame frame = picture.frame(0);
      encoder.push(frame, START_NS, 0);
      frame.release();
      clock.advanceMs(2_000);
      assertNull(encoder.failure());
      clock.advanceMs(1);
      assertEquals("no output for 2000 ms", encoder.failure());
    }
  }

  @Test
  void failure_nothingGoesIn_isNone() throws Exception {
    HandClock clock = new HandClock();
    try (VideoEncoder encoder = open(Gst.require("x264enc"), "x264enc", clock)) {
      clock.advanceMs(60_000);
      assertNull(encoder.failure());
    }
  }

  @Test
  void failure_encoderDies_isReportedAndPushIsRefused() throws Exception {
    GstRuntime gst = Gst.require("x264enc");
    String dying = "identity error-after=3 ! " + EncoderKind.X264.chain(EncoderSettings.DEFAULT);
    try (VideoEncoder encoder = open(gst, dying)) {
      Frame frame = picture.frame(0);
      for (int i = 0; i < 10 && encoder.failure() == null; i++) {
        int wanted = output.units.size() + 1;
        encoder.push(frame, captureNs(i), 0);
        Await.until(
            "output or failure", () -> output.units.size() >= wanted || encoder.failure() != null);
      }
      assertNotNull(encoder.failure());
      assertFalse(encoder.push(frame, captureNs(20), 0));
      frame.release();
    }
    assertTrue(output.units.size() < 4);
  }

  @Test
  void open_elementMissing_saysWhich() {
    GstRuntime gst = Gst.require("x264enc");
    EncoderException failure =
        assertThrows(EncoderException.class, () -> open(gst, "nosuchencoder"));
    assertTrue(String.valueOf(failure.getMessage()).contains("nosuchencoder"));
  }

  @ParameterizedTest
  @EnumSource
  void push_oddSides_evenPartIsEncoded(EncoderKind kind) throws Exception {
    Gst.require(kind.element());
    GstEncoderFactory factory = factory(EncoderSettings.DEFAULT, kind);
    FrameFormat odd = new FrameFormat(PixelFormat.I420, 321, 241);
    Frame frame = Objects.requireNonNull(new FramePool(odd, 1).tryBorrow());
    for (int i = 0; i < odd.sizeBytes(); i++) {
      boolean left = i < 321 * 241 && i % 321 < 160;
      frame.data().put(i, (byte) (left ? 40 : 128));
    }
    try (VideoEncoder encoder = factory.open(odd, output)) {
      assertTrue(encoder.push(frame, START_NS, 0), encoder.failure());
      Await.until("a unit", () -> !output.units.isEmpty());
    }
    assertEquals(1, decodedFrames());
    assertEquals("320 240", output.infos.get(0).widthPx() + " " + output.infos.get(0).heightPx());
    BufferedImage shown = Videos.picture(folder.resolve("out.h264"));
    assertEquals("320 240", shown.getWidth() + " " + shown.getHeight());
    for (int y = 0; y < 240; y++) {
      assertEquals(28, shown.getRGB(150, y) >> 8 & 0xff, 12, "dark in row " + y);
      assertEquals(130, shown.getRGB(170, y) >> 8 & 0xff, 12, "grey in row " + y);
    }
  }

  @Test
  void open_twoBeforeItHang_isRefusedUntilOneEnds() throws Exception {
    GstEncoderFactory factory = factory(EncoderSettings.DEFAULT, EncoderKind.X264);
    hangTwice(factory);
    for (int i = 0; i < 3; i++) {
      EncoderException failure =
          assertThrows(EncoderException.class, () -> factory.open(picture.format(), output));
      assertEquals("2 encoders before it still hang", failure.getMessage());
    }
    output.hang.countDown();
    Await.until(
        "one ends",
        () -> {
          try (VideoEncoder encoder = factory.open(picture.format(), output)) {
            return encoder.failure() == null;
          } catch (EncoderException e) {
            return false;
          }
        });
  }

  @Test
  void open_hardwareFailsTwice_softwareTakesItsPlace() throws Exception {
    Gst.requireAbsent(EncoderKind.NVV4L2.element());
    GstEncoderFactory factory =
        factory(EncoderSettings.DEFAULT, EncoderKind.NVV4L2, EncoderKind.X264);
    for (int i = 0; i < 2; i++) {
      assertThrows(EncoderException.class, () -> factory.open(picture.format(), output));
      assertEquals("nvv4l2h264enc", factory.name());
    }
    for (int i = 0; i < 3; i++) {
      try (VideoEncoder encoder = factory.open(picture.format(), output)) {
        encode(encoder, i, 1);
      }
      assertEquals("x264enc", factory.name());
    }
  }

  @Test
  void open_hardwareGivesPictures_staysHoweverOftenItIsOpened() throws Exception {
    GstEncoderFactory factory =
        factory(EncoderSettings.DEFAULT, EncoderKind.X264, EncoderKind.OPENH264);
    for (int i = 0; i < 4; i++) {
      try (VideoEncoder encoder = factory.open(picture.format(), output)) {
        encode(encoder, i, 1);
      }
    }
    assertEquals("x264enc", factory.name());
  }

  @Test
  void open_hardwareHangs_softwareIsNotRefusedForIt() throws Exception {
    GstEncoderFactory factory =
        factory(EncoderSettings.DEFAULT, EncoderKind.X264, EncoderKind.X264);
    hangTwice(factory);
    for (int i = 0; i < 2; i++) {
      assertThrows(EncoderException.class, () -> factory.open(picture.format(), output));
    }
    factory.open(picture.format(), output).close();
    output.hang.countDown();
  }

  private void hangTwice(GstEncoderFactory factory) throws Exception {
    output.hang = new CountDownLatch(1);
    for (int i = 0; i < 2; i++) {
      VideoEncoder encoder = factory.open(picture.format(), output);
      Frame frame = picture.frame(i);
      assertTrue(encoder.push(frame, captureNs(i), captureNs(i)));
      frame.release();
      int hanging = i + 1;
      Await.until("it hangs", () -> output.infos.size() == hanging);
      // Or close would wait for it.
      Thread.currentThread().interrupt();
      encoder.close();
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void push_otherFormat_isRefused() throws Exception {
    Frame other =
        Objects.requireNonNull(
            new FramePool(new FrameFormat(PixelFormat.I420, 64, 48), 1).tryBorrow());
    try (VideoEncoder encoder = x264()) {
      assertThrows(IllegalArgumentException.class, () -> encoder.push(other, START_NS, 0));
    }
  }

  @Test
  void close_twice_endsTheThread() throws Exception {
    VideoEncoder encoder = x264();
    encode(encoder, 0, 3);
    encoder.close();
    encoder.close();
    assertTrue(
        Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("encode-test")));
  }

  private GstEncoderFactory factory(EncoderSettings settings, EncoderKind... kinds) {
    GstRuntime gst = Gst.require("x264enc");
    return new GstEncoderFactory(
        gst, List.of(kinds), settings, FrameClock.system(), metrics, "test");
  }

  private VideoEncoder x264() throws EncoderException {
    return open(Gst.require("x264enc"), EncoderKind.X264.chain(EncoderSettings.DEFAULT));
  }

  private VideoEncoder open(GstRuntime gst, String chain) throws EncoderException {
    return open(gst, chain, FrameClock.system());
  }

  private VideoEncoder open(GstRuntime gst, String chain, FrameClock clock)
      throws EncoderException {
    AtomicLong sequence = new AtomicLong();
    return new GstVideoEncoder(
        gst,
        new GstVideoEncoder.Setup(
            chain,
            2,
            EncoderSettings.DEFAULT,
            clock,
            metrics,
            sequence::getAndIncrement,
            "encode-test"),
        picture.format(),
        output);
  }

  private void encode(VideoEncoder encoder, int from, int count) throws InterruptedException {
    for (int i = from; i < from + count; i++) {
      push(encoder, i, captureNs(i));
    }
  }

  private void push(VideoEncoder encoder, int index, long captureNs) throws InterruptedException {
    Frame frame = picture.frame(index);
    assertTrue(encoder.push(frame, captureNs, captureNs + 5), encoder.failure());
    frame.release();
    Await.until("unit " + index, () -> output.units.size() > index);
  }

  private static long captureNs(int index) {
    return START_NS + index * PERIOD_NS;
  }

  private int decodedFrames() throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    output.units.forEach(unit -> all.writeBytes(unit.payload()));
    Path file = Files.write(folder.resolve("out.h264"), all.toByteArray());
    return Videos.frames(file);
  }

  private static final class Output implements VideoEncoder.Listener {
    private final List<StreamInfo> infos = new CopyOnWriteArrayList<>();
    private final List<AccessUnit> units = new CopyOnWriteArrayList<>();
    private volatile CountDownLatch hang = new CountDownLatch(0);

    @Override
    public void described(StreamInfo info) {
      infos.add(info);
      try {
        hang.await();
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void encoded(AccessUnit unit) {
      assertFalse(infos.isEmpty());
      units.add(unit);
    }

    List<Long> keyFrames() {
      return units.stream().filter(AccessUnit::keyFrame).map(AccessUnit::sequence).toList();
    }
  }
}
