package dev.nightfuse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.registration.Calibration;
import dev.nightfuse.registration.MovableAlignment;
import dev.nightfuse.stream.View;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ConfigLoaderTest {

  private static final String MINIMAL =
      """
      rigs:
        - name: car
          visible: {uri: v4l2:/dev/video0}
          infrared: {uri: v4l2:/dev/video2}
      """;

  @Test
  void parse_minimalFile_equalsDefaultsWithItsCameras() throws Exception {
    NightfuseConfig config = ConfigLoader.parse(Path.of("site.yaml"), MINIMAL);

    assertEquals(
        ConfigLoader.defaults(
            "car", CameraUri.parse("v4l2:/dev/video0"), CameraUri.parse("v4l2:/dev/video2")),
        config);
  }

  @Test
  void parse_everyKindOfValue_isRead() throws Exception {
    NightfuseConfig config =
        ConfigLoader.parse(
            Path.of("site.yaml"),
            """
            server:
              rtsp: {bind: 127.0.0.1, port: 0}
            engine: {threads: 2, batch_wait_ms: 0.5}
            rigs:
              - name: car
                visible: {uri: rtsp://cam/1, offset_ms: -12.5}
                infrared: {uri: v4l2:/dev/video2}
                registration: {homography: [1, 0, 2.5, 0, 1, 0, 0, 0, 1], shift_px: [-3, 1.5]}
                overlay: {classes: [person, car]}
                recording: {view: side-by-side, on_start: true}
            """);

    RigConfig rig = config.rigs().get(0);
    assertEquals(new ServerConfig.Endpoint("127.0.0.1", 0), config.server().rtsp());
    assertEquals(2, config.engine().threads());
    assertEquals(500_000, config.engine().batchWaitNs());
    assertEquals(-12_500_000, rig.visible().offsetNs());
    assertEquals(
        List.of(1.0, 0.0, 2.5, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0), rig.registration().homography());
    assertEquals(new MovableAlignment.Shift(-3, 1.5), rig.registration().shift());
    assertEquals(List.of("person", "car"), rig.overlay().classes());
    assertEquals(View.SIDE_BY_SIDE, rig.recording().view());
    assertTrue(rig.recording().onStart());
  }

  @Test
  void load_relativePaths_readBesideTheFileWrittenToTheWorkingDirectory(@TempDir Path folder)
      throws Exception {
    Path file = folder.resolve("site.yaml");
    Files.writeString(
        folder.resolve("car.calibration.yaml"),
        """
        infrared: {width_px: 160, height_px: 120}
        visible: {width_px: 640, height_px: 480}
        homography: [4, 0, 1.5, 0, 4, 1.5, 0, 0, 1]
        """);
    Files.writeString(
        file,
        """
        rigs:
          - name: car
            visible: {uri: ./clips/visible.mp4}
            infrared: {uri: "replay:clips/infrared.mp4?loop=true"}
            registration: {calibration: car.calibration.yaml}
        """);

    RigConfig rig = ConfigLoader.load(file).rigs().get(0);

    assertEquals("replay:" + folder.resolve("clips/visible.mp4"), rig.visible().uri().address());
    assertEquals("replay:" + folder.resolve("clips/infrared.mp4"), rig.infrared().uri().address());
    assertEquals("true", rig.infrared().uri().option("loop"));
    assertEquals(Calibration.scaling(160, 120, 640, 480), rig.registration().calibration());
    assertEquals(Path.of("recordings").toAbsolutePath(), rig.recording().directory());
  }

  @Test
  void load_fileThatIsNotThere_saysSo(@TempDir Path folder) {
    Path file = folder.resolve("none.yaml");

    ConfigException refused = assertThrows(ConfigException.class, () -> ConfigLoader.load(file));

    assertEquals(file + ": no such file", refused.getMessage());
  }

  @Test
  void load_folder_saysSo(@TempDir Path folder) {
    ConfigException refused = assertThrows(ConfigException.class, () -> ConfigLoader.load(folder));

    assertEquals(folder + ": is a folder, allowed is a YAML file", refused.getMessage());
  }

  @Test
  void load_hugeFile_isRefusedWithoutReadingIt(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("huge.yaml");
    Files.write(file, new byte[YamlDocument.MAX_SIZE_BYTES + 1]);

    ConfigException refused = assertThrows(ConfigException.class, () -> ConfigLoader.load(file));

    assertEquals(file + ": larger than 256 KiB, allowed is less", refused.getMessage());
  }

  @Test
  void load_bytesThatAreNotText_isRefused(@TempDir Path folder) throws Exception {
    Path file = folder.resolve("binary.yaml");
    Files.write(file, new byte[] {(byte) 0xff, (byte) 0xfe, 0});

    ConfigException refused = assertThrows(ConfigException.class, () -> ConfigLoader.load(file));

    assertEquals(file + ": not UTF-8 text", refused.getMessage());
  }

  @Test
  void parse_severalProblems_allAreListedInTheOrderOfTheFile() {
    ConfigException refused =
        assertThrows(
            ConfigException.class,
            () ->
                ConfigLoader.parse(
                    Path.of("site.yaml"),
                    """
                    server:
                      rtps: {port: 1}
                    engine:
                      threads: many
                    rigs:
                      - name: car
                        visible: {uri: v4l2:/dev/video0}
                    """));

    assertEquals(
        List.of(
            "site.yaml:2: server.rtps: unknown key; did you mean \"rtsp\"?",
            "site.yaml:4: engine.threads: found \"many\", allowed is a whole number from 1 to 64",
            "site.yaml:6: rigs[0].infrared.uri: missing; allowed is SCHEME:..., such as"
                + " v4l2:/dev/video0 or rtsp://host/path, or a path"),
        refused.problems());
    assertEquals(String.join("\n", refused.problems()), refused.getMessage());
  }
}
