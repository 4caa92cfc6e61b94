package dev.nightfuse.camera.replay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraEvent;
import dev.nightfuse.camera.CameraException;
import dev.nightfuse.camera.CameraSettings;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.Modality;
import dev.nightfuse.camera.Pacing;
import dev.nightfuse.camera.testing.ProcessResources;
import dev.nightfuse.camera.testing.RecordingSink;
import dev.nightfuse.camera.testing.TestMedia;
import dev.nightfuse.frame.Frame;
import dev.nightfuse.frame.FrameClock;
import dev.nightfuse.frame.FrameFormat;
import dev.nightfuse.frame.PixelFormat;
import dev.nightfuse.gst.GstException;
import dev.nightfuse.gst.GstPipeline;
import dev.nightfuse.gst.GstRuntime;
import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReplayFolderTest {

  @TempDir Path folder;

  private final ReplayAdapter adapter = new ReplayAdapter();

  @ParameterizedTest
  @CsvSource({"GRAY8, 640, 480", "GRAY8, 641, 479", "GRAY16_LE, 160, 120", "GRAY16_LE, 161, 121"})
  void run_pngFolder_deliversEverySampleInNaturalOrder(PixelFormat pixels, int width, int height)
      throws Exception {
    FrameFormat format = new FrameFormat(pixels, width, height);
    List<String> names = List.of("9.png", "10.png", "101.PNG", "0100.png", "8.png");
    List<Integer> order = List.of(4, 0, 1, 3, 2);
    for (int k = 0; k < names.size(); k++) {
      TestMedia.write(folder.resolve(names.get(k)), TestMedia.PNG, format, 1, k, 1);
    }
    Files.writeString(folder.resolve("notes.txt"), "not a picture");
    Files.writeString(folder.resolve("._8.png"), "of another system");
    RecordingSink sink = new RecordingSink(frame -> TestMedia.numberOf(frame, names.size()));

    // A single frame in the pool: one that is not given back would stop the show.
    run("?fps=25", Modality.INFRARED, 1, sink);

    assertEquals(List.of(format), sink.formats());
    assertEquals(order, sink.frames().stream().map(RecordingSink.Seen::content).toList());
    for (int k = 0; k < names.size(); k++) {
      assertEquals(k, sink.frames().get(k).sequence());
      assertEquals(k * 40_000_000L, sink.frames().get(k).captureNs());
    }
    assertEquals(List.of(CameraEvent.END_OF_STREAM), sink.events());
  }

  /** Smooth, so that JPEG keeps it. */
  private static final String RAMP =
      "videotestsrc pattern=gradient num-buffers=1 ! video/x-raw,format=GRAY8,width=64,height=256 ! %s ! filesink name=file";

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg", "bmp"})
  void run_greyPictureOfAnyType_isVisibleLumaInLimitedRange(String type) throws Exception {
    String encoder =
        switch (type) {
          case "png" -> "pngenc";
          case "jpg" -> "jpegenc quality=100";
          default -> "videoconvert ! video/x-raw,format=BGR ! avenc_bmp";
        };
    try (GstPipeline pipeline = GstRuntime.start().parse(RAMP.formatted(encoder))) {
      pipeline.set("file", "location", folder + "/a." + type);
      pipeline.play();
      assertTrue(pipeline.awaitEnd(10_000));
    }
    byte[] full = new byte[64 * 256];
    run("", Modality.INFRARED, 2, new RecordingSink(frame -> copy(frame, full)));
    byte[] colour = new byte[64 * 256 * 3 / 2];
    run("", Modality.VISIBLE, 2, new RecordingSink(frame -> copy(frame, colour)));

    Set<Byte> levels = new HashSet<>();
    for (int i = 0; i < full.length; i++) {
      levels.add(full[i]);
      assertEquals(16 + (full[i] & 0xff) * 219 / 255.0, colour[i] & 0xff, 1.0, "luma " + i);
    }
    assertTrue(levels.size() > 100, "a ramp has many levels");
    for (int i = full.length; i < colour.length; i++) {
      assertEquals(128, colour[i] & 0xff, 1.0, "chroma " + i);
    }
  }

  private static int copy(Frame frame, byte[] into) {
    assertEquals(into.length, frame.format().sizeBytes());
    frame.data().get(0, into);
    return 0;
  }

  @ParameterizedTest
  @ValueSource(strings = {"pngenc", "jpegenc quality=100", "avenc_bmp"})
  void run_colourPicture_keepsItsColour(String encoder) throws Exception {
    String type = encoder.substring(encoder.startsWith("avenc_") ? 6 : 0).replaceFirst("enc.*", "");
    String description =
        "videotestsrc pattern=red num-buffers=1 ! video/x-raw,format=RGB,width=64,height=256"
            + " ! videoconvert ! %s ! filesink name=file";
    try (GstPipeline pipeline = GstRuntime.start().parse(description.formatted(encoder))) {
      pipeline.set("file", "location", folder + "/a." + type.replace("jpeg", "jpg"));
      pipeline.play();
      assertTrue(pipeline.awaitEnd(10_000));
    }
    byte[] colour = new byte[64 * 256 * 3 / 2];
    run("", Modality.VISIBLE, 2, new RecordingSink(frame -> copy(frame, colour)));
    // BT.601: pure red is 81, 90, 240.
    assertEquals(81, colour[64 * 100 + 30] & 0xff, 2);
    assertEquals(90, colour[64 * 256 + 32 * 50 + 15] & 0xff, 2);
    assertEquals(240, colour[64 * 320 + 32 * 50 + 15] & 0xff, 2);
  }

  @Test
  void run_greyStoredAsRgb_isTheSameGreyForInfrared() throws Exception {
    String description =
        "videotestsrc pattern=gradient num-buffers=1 ! video/x-raw,format=GRAY8,width=64,height=256"
            + " ! tee name=t ! queue ! pngenc ! filesink name=grey"
            + " t. ! queue ! videoconvert dither=none ! video/x-raw,format=RGB ! pngenc ! filesink name=file";
    try (GstPipeline pipeline = GstRuntime.start().parse(description)) {
      pipeline.set("grey", "location", folder + "/grey.png");
      pipeline.set("file", "location", folder + "/rgb.png");
      pipeline.play();
      assertTrue(pipeline.awaitEnd(10_000));
    }
    byte[] grey = new byte[64 * 256];
    byte[] rgb = new byte[64 * 256];
    List<byte[]> both = new ArrayList<>(List.of(grey, rgb));
    run("", Modality.INFRARED, 2, new RecordingSink(frame -> copy(frame, both.remove(0))));
    for (int i = 0; i < grey.length; i++) {
      assertEquals(grey[i] & 0xff, rgb[i] & 0xff, 1, "sample " + i);
    }
  }

  @Test
  void run_mixedTypes_playsThemAll() throws Exception {
    FrameFormat format = new FrameFormat(PixelFormat.GRAY8, 64, 48);
    TestMedia.write(folder.resolve("1.png"), TestMedia.PNG, format, 1, 0, 1);
    TestMedia.write(folder.resolve("2.jpg"), "videoconvert ! jpegenc", format, 1, 0, 1);
    TestMedia.write(folder.resolve("3.png"), TestMedia.PNG, format, 1, 0, 1);
    RecordingSink sink = new RecordingSink(frame -> 0);
    run("", Modality.INFRARED, 2, sink);
    assertEquals(3, sink.count());
  }

  @Test
  void run_loopedSinglePicture_repeatsIt() throws Exception {
    Path file = folder.resolve("still.png");
    FrameFormat format = new FrameFormat(PixelFormat.GRAY16_LE, 64, 48);
    TestMedia.write(file, TestMedia.PNG, format, 1, 3, 1);
    RecordingSink sink = new RecordingSink(frame -> TestMedia.numberOf(frame, 4));

    adapter
        .open(settings(file + "?loop=true&fps=50", Modality.INFRARED, 2))
        .run(sink, () -> sink.count() >= 20);

    for (int k = 0; k < 20; k++) {
      assertEquals(3, sink.frames().get(k).content());
      assertEquals(k * 20_000_000L, sink.frames().get(k).captureNs());
    }
  }

  @Test
  void run_sizesDiffer_namesTheFileAndTheWayOut() throws Exception {
    writePng("1.png", 64, 48);
    writePng("2.png", 80, 60);
    RecordingSink sink = new RecordingSink(frame -> 0);
    CameraException e =
        assertThrows(CameraException.class, () -> run("", Modality.INFRARED, 2, sink));
    assertEquals(
        "replay:%s/2.png: this picture is GRAY8 80x60, the first one was GRAY8 64x48; size=64x48 scales them all"
            .formatted(folder),
        e.getMessage());

    RecordingSink scaled = new RecordingSink(frame -> 0);
    run("?size=64x48", Modality.INFRARED, 2, scaled);
    assertEquals(2, scaled.count());
  }

  @ParameterizedTest
  @EnumSource
  void run_brokenPicture_namesIt(PictureType type) throws Exception {
    String name = "broken." + type.name().toLowerCase(java.util.Locale.ROOT);
    Files.write(folder.resolve(name), new byte[5000]);
    assertBroken(name);
  }

  @Test
  void run_truncatedPng_namesIt() throws Exception {
    writePng("whole.png", 320, 240);
    byte[] bytes = Files.readAllBytes(folder.resolve("whole.png"));
    Files.delete(folder.resolve("whole.png"));
    Files.write(folder.resolve("cut.png"), Arrays.copyOf(bytes, bytes.length / 2));
    assertBroken("cut.png");
  }

  @Test
  void run_emptyFolder_saysWhatIsKnown() {
    CameraException e =
        assertThrows(
            CameraException.class,
            () -> run("", Modality.VISIBLE, 2, new RecordingSink(frame -> 0)));
    assertEquals(
        "replay:%s: no pictures in this folder; known are png, jpg, jpeg, bmp".formatted(folder),
        e.getMessage());
  }

  @ParameterizedTest
  @CsvSource({
    "lop=true, 'unknown option lop; known are loop, rate, fps, size, rotate, flip'",
    "loop=maybe, 'loop=maybe; allowed is true or false'",
    "rate=slow, 'rate=slow; allowed is source or taken'",
    "fps=0, 'fps=0; allowed is a number from 0.01 to 1000.0'",
    "size=640, 'size=640; allowed is WIDTHxHEIGHT, such as 640x480'",
    "size=8x8, 'size=8x8; allowed is 16 to 8192 pixels a side'"
  })
  void open_wrongOption_saysWhatIsAllowed(String option, String message) {
    CameraException e =
        assertThrows(
            CameraException.class,
            () -> adapter.open(settings("/x?" + option, Modality.VISIBLE, 2)));
    assertEquals("replay:/x: " + message, e.getMessage());
  }

  @Test
  void run_1000Pictures_leaveFilesThreadsAndMemoryFlat() throws Exception {
    writePng("1.png", 320, 240);
    writePng("2.png", 320, 240);
    play(200);
    long files = ProcessResources.openFiles();
    long threads = ProcessResources.threads();
    long nativeBytes = ProcessResources.nativeBytes();
    play(1000);
    assertTrue(ProcessResources.openFilesFallTo(files), "open files grow");
    assertTrue(ProcessResources.threads() <= threads + 2, "threads grow");
    // One forgotten buffer a picture would be 77 MB.
    long grownBytes = ProcessResources.nativeBytes() - nativeBytes;
    assertTrue(grownBytes < 16 << 20, "native memory grows by " + grownBytes);
  }

  private void play(int pictures) throws CameraException {
    RecordingSink sink = new RecordingSink(frame -> 0);
    adapter
        .open(settings(folder + "?loop=true", Modality.INFRARED, 2))
        .run(sink, () -> sink.count() >= pictures);
  }

  /** A white corner, top left in the file. */
  @ParameterizedTest
  @CsvSource({
    "'',                              32, 24, TOP_LEFT",
    "?rotate=90,                      24, 32, TOP_RIGHT",
    "?rotate=180,                     32, 24, BOTTOM_RIGHT",
    "?rotate=270,                     24, 32, BOTTOM_LEFT",
    "?flip=horizontal,                32, 24, TOP_RIGHT",
    "?rotate=90&flip=vertical,        24, 32, BOTTOM_RIGHT",
    "?rotate=270&size=48x64,          48, 64, BOTTOM_LEFT"
  })
  void run_turned_theCornerIsWhereItShouldBe(String options, int width, int height, String corner)
      throws Exception {
    BufferedImage picture = new BufferedImage(32, 24, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < 64; i++) {
      picture.setRGB(i % 8, i / 8, 0xffffff);
    }
    ImageIO.write(picture, "png", folder.resolve("a.png").toFile());
    for (Modality modality : Modality.values()) {
      RecordingSink sink = new RecordingSink(ReplayFolderTest::brightCorner);
      run(options, modality, 2, sink);
      FrameFormat shown = sink.formats().get(0);
      assertEquals(width + "x" + height, shown.widthPx() + "x" + shown.heightPx());
      assertEquals(corner, CORNERS.get(sink.frames().get(0).content()));
    }
  }

  private static final List<String> CORNERS =
      List.of("TOP_LEFT", "TOP_RIGHT", "BOTTOM_LEFT", "BOTTOM_RIGHT");

  private static int brightCorner(Frame frame) {
    int width = frame.format().widthPx();
    int last = frame.format().heightPx() - 1;
    int[] at = {2 * width + 2, 3 * width - 3, (last - 2) * width + 2, (last - 1) * width - 3};
    int bright = -1;
    for (int corner = 0; corner < at.length; corner++) {
      if ((frame.plane(0).get(at[corner]) & 0xff) > 128) {
        assertEquals(-1, bright, "one corner");
        bright = corner;
      }
    }
    return bright;
  }

  private void assertBroken(String name) {
    CameraException e =
        assertThrows(
            CameraException.class,
            () -> run("", Modality.INFRARED, 2, new RecordingSink(frame -> 0)));
    assertTrue(e.getMessage().startsWith("replay:" + folder + "/" + name + ": "), e.getMessage());
  }

  private void writePng(String name, int width, int height) throws GstException {
    TestMedia.write(
        folder.resolve(name),
        TestMedia.PNG,
        new FrameFormat(PixelFormat.GRAY8, width, height),
        1,
        0,
        1);
  }

  private void run(String options, Modality modality, int poolFrames, RecordingSink sink)
      throws CameraException {
    adapter.open(settings(folder + options, modality, poolFrames)).run(sink, () -> false);
  }

  private static CameraSettings settings(String path, Modality modality, int poolFrames)
      throws CameraException {
    return new CameraSettings(
        "test/" + modality.label(),
        modality,
        CameraUri.parse("replay:" + path),
        Pacing.AS_TAKEN,
        poolFrames,
        FrameClock.system());
  }
}
