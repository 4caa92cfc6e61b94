package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nightfuse simulate}: pairs and labels of the simulated rig as files. */
final class SimulateCommandTest {

  private static final int WIDTH = 320;
  private static final int HEIGHT = 240;

  @TempDir private Path folder;

  private final CommandRun out = new CommandRun();

  private int run(String... args) {
    return out.run(new SimulateCommand(), args);
  }

  private static List<String> names(Path folder) throws Exception {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  private static int[] samples(Path file) throws Exception {
    BufferedImage image = ImageIO.read(file.toFile());
    assertEquals(WIDTH, image.getWidth());
    assertEquals(HEIGHT, image.getHeight());
    return image.getRaster().getSamples(0, 0, WIDTH, HEIGHT, 0, (int[]) null);
  }

  @Test
  void write_twoDrives_everyFolderHasTheSameNamesAndTheSamePicturesAgain() throws Exception {
    for (String target : List.of("a", "b")) {
      int code =
          run(
              "-o",
              folder.resolve(target).toString(),
              "--frames",
              "2",
              "--every",
              "40",
              "--seeds",
              "3,8",
              "--size",
              "320x240");
      assertEquals(ExitCode.OK, code, out.toString());
    }
    List<String> expected =
        List.of(
            "sim0003-000000.png", "sim0003-000040.png", "sim0008-000000.png", "sim0008-000040.png");
    for (String part : List.of("visible", "infrared", "labels")) {
      assertEquals(expected, names(folder.resolve("a").resolve(part)));
      Path file = Path.of(part, "sim0008-000040.png");
      assertArrayEquals(
          Files.readAllBytes(folder.resolve("a").resolve(file)),
          Files.readAllBytes(folder.resolve("b").resolve(file)));
    }
    assertTrue(out.toString().contains("4 pairs in "), out.toString());
  }

  /** People are the warmest things of the street: where the labels have them, infrared must too. */
  @Test
  void labels_ofPeople_lieOnTheWarmPixelsAndNowhereElseBetter() throws Exception {
    assertEquals(
        ExitCode.OK,
        run("-o", folder.toString(), "--frames", "4", "--every", "60", "--size", "320x240", "-f"),
        out.toString());
    double[] warmth = new double[9];
    for (String name : names(folder.resolve("labels"))) {
      int[] labels = samples(folder.resolve("labels").resolve(name));
      int[] levels = samples(folder.resolve("infrared").resolve(name));
      for (int shift = -4; shift <= 4; shift++) {
        warmth[shift + 4] += contrast(labels, levels, shift);
      }
    }
    for (int shift = -4; shift <= 4; shift++) {
      assertTrue(
          warmth[4] >= warmth[shift + 4],
          "contrast %.1f in place, %.1f at %d".formatted(warmth[4], warmth[shift + 4], shift));
    }
    assertTrue(warmth[4] > 4 * 20, "people are warm: " + warmth[4]);
  }

  /** How much warmer pixels are where the shifted labels say person than where they do not. */
  private static double contrast(int[] labels, int[] levels, int shift) {
    double[] sum = new double[2];
    long[] count = new long[2];
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 8; x < WIDTH - 8; x++) {
        int person = labels[y * WIDTH + x + shift] == 2 ? 1 : 0;
        sum[person] += levels[y * WIDTH + x];
        count[person]++;
      }
    }
    return count[1] == 0 ? 0 : sum[1] / count[1] - sum[0] / count[0];
  }

  @Test
  void labels_whereTheInfraredCameraDoesNotSee_are255() throws Exception {
    // Half as high and as wide: an infrared camera whose picture is cut at the top and bottom.
    assertEquals(
        ExitCode.OK,
        run(
            "-o",
            folder.resolve("cut").toString(),
            "--frames",
            "1",
            "--size",
            "320x240",
            "--options",
            "ir_size=320x160&rig=identity"),
        out.toString());
    int[] labels = samples(folder.resolve("cut/labels/sim0001-000000.png"));
    assertEquals(255, labels[WIDTH / 2]);
    assertTrue(labels[HEIGHT / 2 * WIDTH + WIDTH / 2] < 9, "the middle is seen");
  }

  @Test
  void mistakes_areExplainedAndNothingIsWritten() throws Exception {
    String target = folder.resolve("d").toString();
    assertEquals(ExitCode.USAGE, run("-o", target, "--frames", "0"));
    assertEquals(ExitCode.USAGE, run("-o", target, "--options", "drop=0.5"));
    assertTrue(out.toString().contains("\"drop\" is not possible; allowed: fps"), out.toString());
    assertEquals(-1, run("-o", target, "--size", "32x20"));
    assertTrue(out.toString().contains("160x120 to 1920x1200"), out.toString());
    assertTrue(Files.notExists(folder.resolve("d")));
    Files.createDirectories(folder.resolve("d/visible"));
    assertEquals(ExitCode.CANNOT_CREATE, run("-o", target));
    assertTrue(out.toString().contains("--force"), out.toString());
  }
}
