package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.testing.ExternalProcess;
import dev.nightfuse.testing.Videos;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code nightfuse fuse}: files in, fused files out. */
final class FuseTest {

  private static final Path SHARED =
      Path.of(System.getProperty("nightfuse.root", "..")).resolve("../shared/data");

  @TempDir Path home;

  private void fuse(String... arguments) throws Exception {
    String[] words = Stream.concat(Stream.of("fuse"), Stream.of(arguments)).toArray(String[]::new);
    ExternalProcess.Result result = Program.run(home, words);
    assertEquals(0, result.exitCode(), result.toString());
  }

  private static BufferedImage read(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    if (image == null) {
      throw new AssertionError(file + " is no picture");
    }
    return image;
  }

  private static int green(BufferedImage image, int x, int y) {
    return image.getRGB(x, y) >> 8 & 0xff;
  }

  @Test
  void images_hotSpotInTheDark_isInTheFusedPictureBesideTheVisibleTexture() throws Exception {
    // Stripes that only the visible camera sees, left; a warm body that only the thermal sees,
    // right.
    Pictures.write(home.resolve("v.png"), 160, 120, (x, y) -> x < 60 ? 60 + x / 10 % 2 * 80 : 12);
    Pictures.write(
        home.resolve("i.png"),
        160,
        120,
        (x, y) -> x > 110 && x < 130 && y > 40 && y < 90 ? 235 : 40);
    fuse("v.png", "i.png", "-o", "out.png");
    BufferedImage fused = read(home.resolve("out.png"));
    assertEquals("160x120", fused.getWidth() + "x" + fused.getHeight());
    assertTrue(green(fused, 120, 65) - green(fused, 90, 65) > 60, "the body stands out");
    assertTrue(green(fused, 15, 60) - green(fused, 25, 60) > 40, "the stripes are kept");
  }

  @Test
  void images_rawThermalCounts_areSeenAsThoseOfACameraAre() throws Exception {
    Pictures.write(home.resolve("v/a.png"), 160, 120, (x, y) -> 12);
    // A person before a wall, in counts of 16 bits: a hundredth of their range.
    BufferedImage counts = new BufferedImage(160, 120, BufferedImage.TYPE_USHORT_GRAY);
    for (int i = 0; i < 160 * 120; i++) {
      boolean warm = i % 160 > 110 && i % 160 < 130 && i / 160 > 40 && i / 160 < 90;
      counts.getRaster().setSample(i % 160, i / 160, 0, (warm ? 30_600 : 30_000) + i % 7);
    }
    Path infrared = Files.createDirectory(home.resolve("i"));
    assertTrue(ImageIO.write(counts, "tiff", infrared.resolve("a.tiff").toFile()));
    fuse("v", "i", "-o", "out");
    BufferedImage fused = read(home.resolve("out/a.png"));
    assertTrue(green(fused, 120, 65) - green(fused, 90, 65) > 60, "the person stands out");
  }

  @Test
  void folders_namesKept_existingReplacedOnlyByForce() throws Exception {
    for (String name : List.of("b", "a", "c 1")) {
      Pictures.write(home.resolve("v/" + name + ".png"), 64, 48, (x, y) -> 3 * x);
      Pictures.write(home.resolve("i/" + name + ".png"), 64, 48, (x, y) -> 3 * y);
    }
    Files.writeString(home.resolve("v/._a.png"), "of another system");
    Files.createDirectory(home.resolve("v/d.png"));
    fuse("v", "i", "-o", "out");
    try (Stream<Path> files = Files.list(home.resolve("out"))) {
      assertEquals(
          List.of("a.png", "b.png", "c 1.png"),
          files.map(f -> f.getFileName().toString()).sorted().toList());
    }
    assertEquals(73, Program.run(home, "fuse", "v", "i", "-o", "out").exitCode());
    fuse("v", "i", "-o", "out", "--force");
  }

  @Test
  void videos_sameLength_giveAsManyFramesAsTheInputHas() throws Exception {
    Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30", 47);
    Videos.make(home.resolve("i.mp4"), "mandelbrot=size=320x240:rate=30", 47);
    fuse("v.mp4", "i.mp4", "-o", "out.mp4");
    assertEquals(47, Videos.frames(home.resolve("out.mp4")));
    assertEquals("320,240", Videos.size(home.resolve("out.mp4")));
    assertEquals(73, Program.run(home, "fuse", "v.mp4", "i.mp4", "-o", "out.mp4").exitCode());
  }

  @Test
  void videos_otherSizeRateAndLengthOfInfrared_followTheVisible() throws Exception {
    Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30", 60);
    Videos.make(home.resolve("i.mp4"), "mandelbrot=size=160x120:rate=10", 15);
    fuse("v.mp4", "i.mp4", "-o", "new/out.mp4", "--view", "side-by-side");
    assertEquals(60, Videos.frames(home.resolve("new/out.mp4")));
    assertEquals("480,240", Videos.size(home.resolve("new/out.mp4")));
  }

  @Test
  void videos_ofSixtyPicturesASecond_haveTheBitRateThatWasAsked() throws Exception {
    Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=60,noise=alls=40:allf=t", 240);
    String options = "-o out.mp4 --view visible --model detail-transfer --bitrate 400";
    fuse(("v.mp4 v.mp4 " + options).split(" ", -1));
    double kbit = Files.size(home.resolve("out.mp4")) * 8 / 4.0 / 1000;
    assertTrue(kbit > 300 && kbit < 520, kbit + " kbit/s");
  }

  @ParameterizedTest
  @ValueSource(strings = {"overlay", "infrared"})
  void videos_oddSides_loseALine(String view) throws Exception {
    Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30,scale=323:241", 3, "yuv444p");
    Videos.make(home.resolve("i.mp4"), "mandelbrot=size=161x121:rate=30", 3, "yuv444p");
    fuse("v.mp4", "i.mp4", "-o", "out.mp4", "--view", view);
    assertEquals(3, Videos.frames(home.resolve("out.mp4")));
    assertEquals("322,240", Videos.size(home.resolve("out.mp4")));
  }

  @Test
  void videos_ofOnePicture_giveOne() throws Exception {
    Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30", 1);
    fuse("v.mp4", "v.mp4", "-o", "out.mp4", "--model", "detail-transfer");
    assertEquals(1, Videos.frames(home.resolve("out.mp4")));
  }

  @Test
  void videos_modelOfAnotherSize_isToldWithoutAStackTrace() throws Exception {
    Videos.make(home.resolve("v.mp4"), "testsrc2=size=320x240:rate=30", 5);
    Path model =
        new ModelStore(home).resolve(ModelStore.DETAIL_TRANSFER, 160, 120).onnx().getParent();
    ExternalProcess.Result result =
        Program.run(home, "fuse", "v.mp4", "v.mp4", "-o", "out.mp4", "--model", "" + model);
    assertEquals(1, result.exitCode(), result.toString());
    assertTrue(result.output().contains("160 x 120, not 320 x 240"), result.toString());
    assertFalse(result.output().contains("\tat "), "a stack trace: " + result);
  }

  @Test
  void videos_fullDisk_isToldAndNothingIsLeft() throws Exception {
    Videos.make(home.resolve("v?.mp4"), "testsrc2=size=320x240:rate=30", 100);
    Videos.make(home.resolve("i.mp4"), "mandelbrot=size=320x240:rate=30", 100);
    Files.createSymbolicLink(home.resolve("out.mp4.partial"), Path.of("/dev/full"));
    ExternalProcess.Result result =
        Program.run(home, "fuse", "v?.mp4", "i.mp4", "-o", "out.mp4", "--model", "detail-transfer");
    assertEquals(73, result.exitCode(), result.toString());
    assertTrue(result.output().contains("out.mp4 cannot be written: No space"), result.toString());
    assertFalse(result.output().contains("\tat "), "a stack trace: " + result);
    try (Stream<Path> files = Files.list(home)) {
      assertTrue(files.noneMatch(file -> file.getFileName().toString().startsWith("out")));
    }
  }

  @Test
  void sharedData_nightPair_isFusedAtItsSize() throws Exception {
    Path visible = SHARED.resolve("MSRS/visible");
    Assumptions.assumeTrue(Files.isDirectory(visible), "no ../shared/data/MSRS");
    Path one;
    try (Stream<Path> files = Files.list(visible)) {
      one = files.filter(f -> f.toString().endsWith("N.png")).sorted().findFirst().orElseThrow();
    }
    fuse(
        one.toString(),
        SHARED.resolve("MSRS/infrared").resolve(one.getFileName()).toString(),
        "-o",
        "out.png");
    BufferedImage before = read(one);
    BufferedImage after = read(home.resolve("out.png"));
    assertEquals(before.getWidth(), after.getWidth());
    assertEquals(before.getHeight(), after.getHeight());
  }
}
