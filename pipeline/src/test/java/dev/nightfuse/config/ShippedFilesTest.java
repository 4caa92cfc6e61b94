package dev.nightfuse.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.camera.simulated.SimulatedAdapter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Proves that schema, default file and reference page say what the code does. After a change of a
 * key, {@code ./mvnw test -pl pipeline -am -Dtest=ShippedFilesTest
 * -Dnightfuse.test.args=-Dnightfuse.update -Dsurefire.failIfNoSpecifiedTests=false} writes them
 * anew.
 */
final class ShippedFilesTest {

  private static final Path ROOT = Path.of(System.getProperty("nightfuse.root", ".."));
  private static final JsonNode SCHEMA = SchemaSection.ofNightfuse();

  @Test
  void schema_shipped_isThatOfTheCode() throws Exception {
    String json =
        new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(SCHEMA);
    check(
        "pipeline/src/main/resources/dev/nightfuse/config/nightfuse.schema.json",
        json.replace("\r\n", "\n") + "\n");
  }

  @Test
  void defaultFile_shipped_isThatOfTheCode() throws Exception {
    check("configs/default.yaml", DefaultYaml.write(SCHEMA));
  }

  @Test
  void referencePage_shipped_isThatOfTheCode() throws Exception {
    check("docs/configuration.md", DefaultYaml.reference(SCHEMA));
  }

  @Test
  void defaultFile_loaded_equalsBuiltInDefaults() throws Exception {
    NightfuseConfig loaded = ConfigLoader.load(ROOT.resolve("configs/default.yaml"));

    assertEquals(
        ConfigLoader.defaults(
            "front", CameraUri.parse("v4l2:/dev/video0"), CameraUri.parse("v4l2:/dev/video2")),
        loaded);
  }

  @Test
  void demoFile_loaded_hasTheRigDemoOnSimulatedCameras() throws Exception {
    NightfuseConfig demo = ConfigLoader.load(ROOT.resolve("configs/demo.yaml"));

    assertEquals(1, demo.rigs().size());
    RigConfig rig = demo.rigs().get(0);
    assertEquals("demo", rig.name());
    assertEquals("simulated", rig.visible().uri().scheme());
    assertEquals("simulated", rig.infrared().uri().scheme());
  }

  @Test
  void demoFile_registration_isTheTrueGeometryOfItsRig() throws Exception {
    RigConfig rig = ConfigLoader.load(ROOT.resolve("configs/demo.yaml")).rigs().get(0);

    List<Double> truth = SimulatedAdapter.infraredToVisible(rig.infrared().uri());

    for (int i = 0; i < 9; i++) {
      assertEquals(truth.get(i), rig.registration().homography().get(i), 1e-5, truth.toString());
    }
  }

  @ParameterizedTest
  @CsvSource({"jetson-orin, 1", "desktop-gpu, 2"})
  void gpuFile_loaded_usesTensorRtWithTheProcessorBehindIt(String name, int rigs) throws Exception {
    NightfuseConfig config = ConfigLoader.load(ROOT.resolve("configs/" + name + ".yaml"));

    assertEquals("tensorrt", config.engine().backend());
    assertEquals(List.of("onnxruntime"), config.engine().fallback());
    assertEquals(rigs, config.rigs().size());
    assertEquals("auto", config.rigs().get(0).encoder().name());
  }

  private static void check(String path, String expected) throws Exception {
    Path file = ROOT.resolve(path);
    if (Boolean.getBoolean("nightfuse.update")
        || System.getProperty("nightfuse.update", "no").isEmpty()) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, expected);
    }
    assertEquals(expected, Files.exists(file) ? Files.readString(file) : "(missing)", path);
  }
}
