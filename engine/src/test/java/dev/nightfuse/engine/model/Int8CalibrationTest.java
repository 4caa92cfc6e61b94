package dev.nightfuse.engine.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.onnx.ActivationRanges;
import dev.nightfuse.engine.ort.OrtProvider;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From weights and pictures to an INT8 model. */
final class Int8CalibrationTest {

  @TempDir Path folder;

  private final ModelImporter importer =
      new ModelImporter(new OrtProvider(), ModelImporter.Listener.SILENT);

  @Test
  void calibrator_pairsOfTwoSizes_makeAModelForAThirdThatIsCloseToFp32() throws Exception {
    ImportOptions options = ImportOptions.of(Network.NIGHTNET_S, 128, 96);
    Path weights = folder.resolve("weights.safetensors");
    GeneratedCheckpoint.write(weights, options.withClasses(9));
    Int8Calibration measured;
    try (Calibrator calibrator = new Calibrator(weights, Network.NIGHTNET_S, OrtProvider::look)) {
      assertThrows(IllegalStateException.class, calibrator::result);
      add(calibrator, 96, 64, 0);
      add(calibrator, 66, 51, 1);
      measured = calibrator.result();
    }
    Path file = folder.resolve("int8.json");
    measured.write(file);
    assertEquals(measured, Int8Calibration.read(file));
    assertEquals(2, measured.pairs());

    Path model = folder.resolve("model");
    ModelImporter.Report report =
        importer.run(
            weights,
            ImportOptions.of(Network.NIGHTNET_S, 128, 96)
                .withPart(ImportOptions.Part.FUSION)
                .withCalibration(measured),
            model,
            false);
    ModelManifest manifest = ModelFile.read(model).manifest();
    assertEquals("int8", manifest.precision());
    assertEquals("nightnet-s-128x96-fusion-int8", manifest.name());
    assertEquals(String.valueOf(report.accuracy()), manifest.accuracy());
    assertTrue(Files.size(model.resolve(ModelFile.ONNX_NAME)) < 0.4 * Files.size(weights));
    assertEquals(report.accuracy(), ModelCheck.verify(model, new OrtProvider()));
  }

  private static void add(Calibrator calibrator, int width, int height, int number)
      throws Exception {
    FormulaPair pair = FormulaPair.of(width, height, number);
    calibrator.add(
        width,
        height,
        Map.of(
            ModelManifest.VISIBLE_Y, pair.y(),
            ModelManifest.VISIBLE_U, pair.u(),
            ModelManifest.VISIBLE_V, pair.v(),
            ModelManifest.INFRARED, pair.infrared()));
  }

  @Test
  void run_calibrationOfOtherWeights_isRefusedAndSaysWhatToDo() throws Exception {
    ImportOptions options = ImportOptions.of(Network.NIGHTNET_S, 64, 32);
    Path weights = folder.resolve("weights.safetensors");
    GeneratedCheckpoint.write(weights, options.withClasses(9));
    Int8Calibration other =
        new Int8Calibration(Network.NIGHTNET_S, "0".repeat(64), 1, new ActivationRanges(Map.of()));
    EngineException e = refused(weights, options.withCalibration(other));
    assertTrue(e.getMessage().contains("nightnet-s weights 000000000000, not"), e.getMessage());
    assertTrue(e.getMessage().contains("nightfuse model calibrate"), e.getMessage());

    Int8Calibration empty =
        new Int8Calibration(
            Network.NIGHTNET_S, ModelFile.sha256(weights), 1, new ActivationRanges(Map.of()));
    e = refused(weights, options.withCalibration(empty));
    assertTrue(e.getMessage().contains("does not fit: no range for"), e.getMessage());
  }

  @Test
  void run_otherNetworkOrFp16Too_isRefused() {
    Int8Calibration any =
        new Int8Calibration(Network.NIGHTNET_S, "0".repeat(64), 1, new ActivationRanges(Map.of()));
    EngineException e =
        refused(folder, ImportOptions.of(Network.SEAFUSION, 64, 32).withCalibration(any));
    assertTrue(e.getMessage().contains("seafusion has no INT8 form"), e.getMessage());
    e =
        refused(
            folder,
            ImportOptions.of(Network.NIGHTNET_S, 64, 32).withHalf(true).withCalibration(any));
    assertTrue(e.getMessage().contains("FP16 or INT8, not both"), e.getMessage());
  }

  private EngineException refused(Path weights, ImportOptions options) {
    return assertThrows(
        EngineException.class, () -> importer.run(weights, options, folder.resolve("m"), false));
  }

  @Test
  void parse_damagedFiles_areRefusedWithTheReason() throws Exception {
    String good =
        """
        {"format": "nightfuse calibration 1", "network": "nightnet-s", "weights_sha256": "00",
         "pairs": 3, "ranges": {"a.input": [-1, 2.5]}}
        """;
    Int8Calibration read = Int8Calibration.parse(good.getBytes(StandardCharsets.UTF_8), "file");
    assertEquals(Map.of("a.input", new ActivationRanges.Range(-1, 2.5f)), read.ranges().byPoint());
    refused(good.replace("-1", "1"), "a.input: range 1.0 to 2.5");
    refused(good.replace("2.5", "1e60"), "a.input: range -1.0 to Infinity");
    refused(good.replace("-1, ", ""), "a.input is no range of two numbers");
    refused(good.replace("2.5", "2.5, 3"), "VALUE_NUMBER_INT instead of END_ARRAY");
    refused(good.replace("2.5", "\"2.5\""), "a.input is no range of two numbers");
    refused(good.replace("calibration 1", "calibration 2"), "is no calibration: format is");
    refused(good.replace("nightnet-s", "nightnet-x"), "no network \"nightnet-x\"");
    refused(good.substring(0, 60), "damaged");
    EngineException e =
        assertThrows(EngineException.class, () -> Int8Calibration.read(folder.resolve("no.json")));
    assertTrue(e.getMessage().contains("no.json cannot be read"), e.getMessage());
  }

  private static void refused(String text, String reason) {
    EngineException e =
        assertThrows(
            EngineException.class,
            () -> Int8Calibration.parse(text.getBytes(StandardCharsets.UTF_8), "file"));
    assertTrue(e.getMessage().contains(reason), e.getMessage());
  }
}
