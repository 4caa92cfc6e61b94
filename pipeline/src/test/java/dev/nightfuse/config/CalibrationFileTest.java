package dev.nightfuse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.Lens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibrationFileTest {

  @TempDir private Path folder;

  private Path write(String text) throws Exception {
    return Files.writeString(folder.resolve("car.yaml"), text);
  }

  private List<String> problems(String text) throws Exception {
    Path file = write(text);
    String prefix = file + ":";
    return assertThrows(ConfigException.class, () -> CalibrationFile.read(file)).problems().stream()
        .map(line -> line.replace(prefix, ""))
        .toList();
  }

  @Test
  void read_shippedExample_isACalibrationWithOneLens() throws Exception {
    Path shipped = Path.of(System.getProperty("nightfuse.root", ".."), "configs/calibration.yaml");

    Calibration calibration = CalibrationFile.read(shipped);

    assertEquals(640, calibration.visibleWidthPx());
    assertNotNull(calibration.visibleLens());
    assertNull(calibration.infraredLens());
  }

  @Test
  void write_withALens_readsAsItWas() throws Exception {
    Calibration written =
        new Calibration(
            320,
            256,
            640,
            480,
            List.of(2.0, 0.0, -3.5, 0.0, 2.0, 0.0001, 0.0, -0.00002, 1.0),
            new Lens(204.9, 204.9, 159.5, 127.5, -0.21, 0.0441, 0, -0.0005, 0),
            null);
    Path file = folder.resolve("written.yaml");

    CalibrationFile.write(file, written, List.of("first", "second"));

    assertEquals(written, CalibrationFile.read(file));
    assertEquals(List.of("# first", "# second"), Files.readAllLines(file).subList(0, 2));
  }

  @Test
  void write_overAnotherOne_isBesideItUntilItIsWhole() throws Exception {
    Path file = write("old");
    Path old = Files.createLink(folder.resolve("old.yaml"), file);
    Path link = Files.createSymbolicLink(folder.resolve("link.yaml"), file);

    CalibrationFile.write(link, Calibration.scaling(320, 256, 640, 480), List.of());

    assertEquals("old", Files.readString(old), "not written into");
    assertEquals(640, CalibrationFile.read(file).visibleWidthPx());
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(3, files.count(), "nothing is left beside it");
    }
  }

  @Test
  void read_emptyFile_namesEverythingThatIsNeeded() throws Exception {
    String side = "needed; allowed is a whole number from 2 to 8192";
    assertEquals(
        List.of(
            "1: infrared.width_px: " + side,
            "1: infrared.height_px: " + side,
            "1: visible.width_px: " + side,
            "1: visible.height_px: " + side,
            "1: homography: missing; allowed is a list of 9 numbers"),
        problems("# nothing\n"));
  }

  @Test
  void read_homographyThatCannotBeInverted_isRefused() throws Exception {
    assertEquals(
        List.of(
            "3: homography: homography [1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 1.0]: it cannot be"
                + " inverted"),
        problems(
            """
            infrared: {width_px: 160, height_px: 120}
            visible: {width_px: 640, height_px: 480}
            homography: [1, 0, 0, 1, 0, 0, 0, 0, 1]
            """));
  }

  @Test
  void read_lensWithoutFocalLength_isRefused() throws Exception {
    assertEquals(
        List.of(
            "1: infrared.lens.focal_x_px: a lens needs focal_x_px and focal_y_px above 0",
            "2: visible.lens.focal_x_px: a lens needs focal_x_px and focal_y_px above 0"),
        problems(
            """
            infrared: {width_px: 160, height_px: 120, lens: {p1: 0.01}}
            visible: {width_px: 640, height_px: 480, lens: {k1: -0.2}}
            homography: [1, 0, 0, 0, 1, 0, 0, 0, 1]
            """));
  }

  @Test
  void load_configurationWithABadCalibrationFile_showsTheProblemsOfBoth() throws Exception {
    Path calibration = write("infrared: {width_px: 1}\n");
    Path file = folder.resolve("site.yaml");
    Files.writeString(
        file,
        """
        engine: {threads: none}
        rigs:
          - name: car
            visible: {uri: 'a:b'}
            infrared: {uri: 'a:b'}
            registration: {calibration: car.yaml}
        """);

    List<String> problems =
        assertThrows(ConfigException.class, () -> ConfigLoader.load(file)).problems();

    assertEquals(
        file + ":1: engine.threads: found \"none\", allowed is a whole number from 1 to 64",
        problems.get(0));
    assertEquals(
        calibration + ":1: infrared.width_px: found 1, allowed is a whole number from 2 to 8192",
        problems.get(1));
  }
}
