package dev.nightfuse.camera.v4l2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraSource;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.PictureSize;
import dev.nightfuse.camera.testing.RecordingSink;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** No camera is needed: what devices offer is given as the text that GStreamer makes of it. */
class V4l2AdapterTest {

  /** A thermal camera that offers its coloured preview first. */
  private static final String THERMAL =
      "video/x-raw, format=(string)UYVY, width=(int)160, height=(int)120, pixel-aspect-ratio=(fraction)1/1,"
          + " framerate=(fraction)9/1; video/x-raw, format=(string)GRAY16_LE, width=(int)160, height=(int)120,"
          + " framerate=(fraction)9/1; video/x-raw, format=(string)GRAY8, width=(int)160, height=(int)120,"
          + " framerate=(fraction)9/1; video/x-raw(memory:DMABuf), format=(string)GRAY16_LE, width=(int)160,"
          + " height=(int)120";

  /** A USB 2 webcam: fast enough in VGA, and above only compressed. */
  private static final String WEBCAM =
      "video/x-raw, format=(string)YUY2, width=(int)1280, height=(int)720, framerate=(fraction){ 10/1, 5/1 };"
          + " video/x-raw, format=(string)YUY2, width=(int)640, height=(int)480, framerate=(fraction){ 30/1, 15/1 };"
          + " image/jpeg, width=(int)1280, height=(int)720, framerate=(fraction){ 30/1, 15/1 };"
          + " image/jpeg, width=(int)640, height=(int)480, framerate=(fraction){ 30/1, 15/1 }";

  /** As virtual cameras and some drivers do: any size, any rate. */
  private static final String ANY =
      "video/x-raw, format=(string)YUY2, width=(int)[ 48, 4096 ], height=(int)[ 32, 4096 ],"
          + " framerate=(fraction)[ 1/1, 60/1 ]; video/x-raw, format=(string)GRAY8,"
          + " width=(int)[ 160, 320, 16 ], height=(int)[ 120, 240, 8 ],"
          + " framerate=(fraction)[ 0/1, 9/1 ]";

  private static final Map<String, String> DEVICES =
      Map.of("THERMAL", THERMAL, "WEBCAM", WEBCAM, "ANY", ANY);

  @TempDir Path folder;

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "THERMAL, INFRARED, -,        0,  -,    GRAY16_LE 160x120@9.000",
        "THERMAL, INFRARED, -,        0,  GREY, GRAY8 160x120@9.000",
        "THERMAL, INFRARED, -,        0,  Y16,  GRAY16_LE 160x120@9.000",
        "THERMAL, INFRARED, -,        9,  uyvy, UYVY 160x120@9.000",
        "THERMAL, INFRARED, -,        30, -,    -",
        "THERMAL, INFRARED, 640x480,  0,  -,    -",
        "WEBCAM,  VISIBLE,  -,        0,  -,    YUY2 640x480@30.00",
        "WEBCAM,  VISIBLE,  1280x720, 0,  -,    MJPEG 1280x720@30.00",
        "WEBCAM,  VISIBLE,  1280x720, 10, -,    YUY2 1280x720@10.00",
        "WEBCAM,  VISIBLE,  640x480,  30, MJPG, MJPEG 640x480@30.00",
        "WEBCAM,  VISIBLE,  -,        0,  YUYV, YUY2 640x480@30.00",
        "WEBCAM,  INFRARED, -,        0,  -,    YUY2 640x480@30.00",
        "ANY,     VISIBLE,  -,        0,  -,    YUY2 640x480@30.00",
        "ANY,     VISIBLE,  1280x720, 60, -,    YUY2 1280x720@30.00",
        "ANY,     VISIBLE,  1280x720, 61, -,    -",
        "ANY,     VISIBLE,  5000x720, 0,  -,    -",
        "ANY,     INFRARED, -,        0,  -,    GRAY8 320x240@9.000",
        "ANY,     INFRARED, 176x128,  9,  -,    GRAY8 176x128@9.000",
        "ANY,     INFRARED, 170x128,  0,  GREY, -",
      })
  void choice_ofWhatADeviceOffers(
      String device, Modality modality, String size, double fps, String format, String chosen) {
    FormatChoice choice = new FormatChoice(modality, size(size), fps, format);
    List<DeviceFormat> offered = DeviceFormat.parse(DEVICES.get(device));
    assertEquals(chosen, choice.among(offered).map(DeviceFormat::toString).orElse(null));
  }

  private static PictureSize size(String text) {
    if (text == null) {
      return null;
    }
    String[] sides = text.split("x", -1);
    return new PictureSize(Integer.parseInt(sides[0]), Integer.parseInt(sides[1]));
  }

  @ParameterizedTest
  @CsvSource({
    "THERMAL, INFRARED, ''",
    "WEBCAM, VISIBLE, ''",
    "WEBCAM, VISIBLE, ?size=1280x720",
    "WEBCAM, VISIBLE, ?format=MJPG&fps=15",
    "ANY, VISIBLE, ?fps=29.97"
  })
  void description_ofTheChosenFormat_isAPipelineGStreamerBuilds(
      String device, Modality modality, String options) throws Exception {
    CameraSettings settings = settings("/dev/video0" + options, modality);
    V4l2Source source = (V4l2Source) new V4l2Adapter().open(settings);
    List<DeviceFormat> offered = DeviceFormat.parse(DEVICES.get(device));
    for (DeviceFormat format : offered) {
      try (GstPipeline pipeline = GstRuntime.start().parse(source.description(format))) {
        pipeline.set("camera", "device", "/dev/video0");
        pipeline.sink("frames");
      }
    }
  }

  @Test
  void description_namesFormatSizeAndRate() throws Exception {
    V4l2Source source =
        (V4l2Source) new V4l2Adapter().open(settings("/dev/video0?fps=15", Modality.VISIBLE));
    String description = source.description(DeviceFormat.parse(WEBCAM).get(3));
    assertTrue(
        description.startsWith(
            "v4l2src name=camera ! capsfilter caps=\"image/jpeg,width=640,height=480,framerate=15/1\" ! jpegdec ! "),
        description);
  }

  @ParameterizedTest
  @CsvSource({
    "'', 'width=640,height=480,framerate=30000/1000'",
    "?size=1280x720&fps=60, 'width=1280,height=720,framerate=60/1'",
    "?fps=29.97, 'width=640,height=480,framerate=29970/1000'"
  })
  void description_ofRanges_namesOneSizeAndRate(String options, String caps) throws Exception {
    CameraSettings settings = settings("/dev/video0" + options, Modality.VISIBLE);
    V4l2Source source = (V4l2Source) new V4l2Adapter().open(settings);
    String description = source.description(source.choose(DeviceFormat.parse(ANY)));
    assertTrue(description.contains("video/x-raw,format=YUY2," + caps + "\""), description);
  }

  @ParameterizedTest
  @CsvSource({
    "?rotate=90, WEBCAM, 'width=640,height=480'",
    "?rotate=90&size=720x1280, WEBCAM, 'width=1280,height=720'",
    "?rotate=180&size=1280x720, WEBCAM, 'width=1280,height=720'",
    "?flip=vertical, WEBCAM, 'width=640,height=480'"
  })
  void description_turned_asksTheDeviceForTheSizeBefore(String options, String device, String caps)
      throws Exception {
    CameraSettings settings = settings("/dev/video0" + options, Modality.VISIBLE);
    V4l2Source source = (V4l2Source) new V4l2Adapter().open(settings);
    String description = source.description(source.choose(DeviceFormat.parse(DEVICES.get(device))));
    assertTrue(description.contains(caps + ","), description);
    assertTrue(description.contains(" ! videoflip video-direction="), description);
    assertFalse(description.contains("videoscale"), description);
  }

  @Test
  void choose_turnedAndNotOffered_saysWhichWayTheOfferLies() throws Exception {
    CameraSettings settings = settings("/dev/video0?rotate=270&size=640x480", Modality.INFRARED);
    V4l2Source source = (V4l2Source) new V4l2Adapter().open(settings);
    CameraException e =
        assertThrows(
            CameraException.class, () -> source.choose(DeviceFormat.parse(THERMAL).subList(0, 1)));
    assertEquals(
        "v4l2:/dev/video0: the device does not offer that; it offers (before it is turned) UYVY 160x120@9.000",
        e.getMessage());
  }

  @Test
  void toString_ofRanges_showsBothEnds() {
    assertEquals(
        List.of("YUY2 48x32 to 4096x4096@30.00", "GRAY8 160x120 to 320x240@9.000"),
        DeviceFormat.parse(ANY).stream().map(DeviceFormat::toString).toList());
  }

  @Test
  void open_patience_isToldToWhoeverWatches() throws Exception {
    CameraSettings settings =
        settings("/dev/video0?connect_ms=60000&silence_ms=5000", Modality.VISIBLE);
    CameraSource source = new V4l2Adapter().open(settings);
    assertEquals(60_000, source.connectMs());
    assertEquals(5_000, source.silenceMs());
  }

  @ParameterizedTest
  @CsvSource({
    "'', INFRARED, 300",
    "?freeze_ms=0, INFRARED, 0",
    "?freeze_ms=1500, INFRARED, 1500",
    "'', VISIBLE, 2000",
    "?freeze_ms=0, VISIBLE, 0"
  })
  void open_freeze_isLongerForVisible(String options, Modality modality, long expected)
      throws Exception {
    CameraSettings settings = settings("/dev/video0" + options, modality);
    assertEquals(expected, new V4l2Adapter().open(settings).freezeMs());
  }

  @Test
  void run_noSuchDevice_listsThoseThatAre() throws Exception {
    Files.createFile(folder.resolve("video10"));
    Files.createFile(folder.resolve("video2"));
    V4l2Adapter adapter = new V4l2Adapter(folder, folder);
    CameraSettings settings = settings(folder + "/video7", Modality.VISIBLE);
    CameraException e =
        assertThrows(
            CameraException.class,
            () -> adapter.open(settings).run(new RecordingSink(frame -> 0), () -> false));
    assertEquals(
        "v4l2:%1$s/video7: no such device; this machine has %1$s/video2, %1$s/video10"
            .formatted(folder),
        e.getMessage());
  }

  @Test
  void run_notADevice_namesIt() throws Exception {
    Path file = Files.createFile(folder.resolve("video0"));
    V4l2Adapter adapter = new V4l2Adapter(folder, folder);
    CameraException e =
        assertThrows(
            CameraException.class,
            () ->
                adapter
                    .open(settings(file.toString(), Modality.VISIBLE))
                    .run(new RecordingSink(frame -> 0), () -> false));
    assertTrue(e.getMessage().startsWith("v4l2:" + file + ": "), e.getMessage());
  }

  @Test
  void discover_deviceThatCannotBeAsked_isListedWithItsNameAndReason() throws Exception {
    Files.createFile(folder.resolve("video0"));
    Files.createDirectory(folder.resolve("names"));
    Files.createDirectory(folder.resolve("names/video0"));
    Files.writeString(folder.resolve("names/video0/name"), "Thermal One\n");
    List<String> found = new V4l2Adapter(folder, folder.resolve("names")).discover();
    assertEquals(1, found.size());
    assertTrue(
        found.get(0).startsWith("v4l2:%s/video0  Thermal One  cannot be asked: ".formatted(folder)),
        found.get(0));
    assertEquals(List.of(), new V4l2Adapter(folder.resolve("none"), folder).discover());
  }

  @ParameterizedTest
  @CsvSource({
    "video0, 'expected v4l2:/dev/videoN?size=WxH'",
    "/dev/video0?fps=fast, 'fps=fast; allowed is a number from 0.0 to 1000.0'",
    "/dev/video0?pixels=3, 'unknown option pixels; known are size, rotate, flip, fps, format'",
    "/dev/video0?freeze_ms=-1, 'freeze_ms=-1; allowed is a whole number from 0 to 60000'",
    "/dev/video0?rotate=45, 'rotate=45; allowed is 0 or 90 or 180 or 270'",
    "/dev/video0?flip=both, 'flip=both; allowed is none or horizontal or vertical'"
  })
  void open_wrongAddress_saysWhatIsAllowed(String rest, String message) {
    CameraException e =
        assertThrows(
            CameraException.class, () -> new V4l2Adapter().open(settings(rest, Modality.VISIBLE)));
    assertTrue(e.getMessage().contains(message), e.getMessage());
  }

  private static CameraSettings settings(String rest, Modality modality) throws CameraException {
    return new CameraSettings(
        "rig/" + modality.label(),
        modality,
        CameraUri.parse("v4l2:" + rest),
        Pacing.LIVE,
        4,
        FrameClock.system());
  }
}
