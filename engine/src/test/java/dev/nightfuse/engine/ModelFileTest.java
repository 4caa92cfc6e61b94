package dev.nightfuse.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ModelFileTest {

  private static final String SHA = "0123456789abcdef".repeat(4);
  private static final String VALID =
      """
      name: night-net
      sha256: %s
      inputs: [visible_y, infrared]
      size:
        width: 640
        height: 480
      labels:
        scale: 4
        classes: [road, person]
        palette: ["#804080", "#ff0040"]
      precision: fp32
      training: "run 7"
      data_licence: "see MSRS"
      """
          .formatted(SHA);

  @TempDir Path directory;

  @Test
  void format_thenParse_givesTheSameManifest() throws EngineException {
    ModelManifest manifest =
        new ModelManifest(
            "mafs-9",
            SHA,
            List.of("visible_y", "visible_u", "visible_v", "infrared"),
            0,
            0,
            32,
            2,
            List.of("back\"ground", "C:\\path"),
            List.of(0, 0xff8000),
            true,
            "fp16",
            "44 dB",
            new CheckLimits(40, 0.9),
            7,
            "line one\nline two",
            "CC BY 4.0: attribution");
    assertEquals(manifest, ModelFile.parse("m", ModelFile.format(manifest)));
  }

  @Test
  void parse_everyKey_isRead() throws EngineException {
    ModelManifest manifest = ModelFile.parse("m", VALID);
    assertEquals(640, manifest.widthPx());
    assertEquals(4, manifest.labelScale());
    assertEquals(List.of("road", "person"), manifest.classes());
    assertEquals(List.of(0x804080, 0xff0040), manifest.palette());
    assertEquals(1, manifest.sizeMultiple());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: night-net       | name: Night Net  | m:1: name: Night Net is not allowed, must be"
            + " lower-case letters, digits, . _ -",
        "precision: fp32       | precision: int4  | m:11: precision: int4 is not allowed, must be"
            + " fp32, fp16 or int8",
        "precision: fp32       | precison: fp32   | m:11: unknown key precison; allowed are name,"
            + " sha256, inputs, size, labels, luma, precision, accuracy, limits, multiply_adds, training, data_licence",
        "width: 640          | width: 8     | m:5: size.width: 8 is not a whole number from"
            + " 16 to 8192",
        "width: 640          | width: wide  | m:5: size.width: wide is not a whole number"
            + " from 16 to 8192",
        "height: 480         | multiple: 32 | m:5: size: width and height must both be given,"
            + " or neither",
        "[visible_y, infrared] | [rgb, infrared]  | m:3: inputs: rgb is not one of visible_y,"
            + " visible_u, visible_v, infrared",
        "[visible_y, infrared] | visible_y        | m:3: inputs must be a list",
        "\"#804080\",          | ''               | m:10: labels.palette: 1 colours for 2 classes;"
            + " give one each, 1 to 256",
        "\"#804080\"           | violet           | m:10: labels.palette: violet is not a colour"
            + " such as \"#40c0ff\"",
        "data_licence          | '# '             | m:1: key data_licence is missing",
        "precision: fp32       | name: again      | m:11: key name is given twice",
        "sha256: 0123          | sha256: XYZ      | m:2: sha256: XYZ456789abcdef",
        "labels:               | labels: [        | m:9: not YAML",
      })
  void parse_mistake_namesFileLineKeyAndWhatIsAllowed(String from, String to, String message) {
    String text = VALID.replace(from, to);
    EngineException e = assertThrows(EngineException.class, () -> ModelFile.parse("m", text));
    assertTrue(e.getMessage().startsWith(message), e.getMessage());
  }

  @Test
  void parse_emptyFile_saysSo() {
    EngineException e = assertThrows(EngineException.class, () -> ModelFile.parse("m", ""));
    assertTrue(e.getMessage().contains("m: is empty"), e.getMessage());
  }

  @Test
  void read_onnxThatIsNotTheDeclaredOne_isRefusedWithBothSums() throws IOException {
    Files.writeString(directory.resolve(ModelFile.MANIFEST_NAME), VALID);
    Files.writeString(directory.resolve(ModelFile.ONNX_NAME), "something else");
    EngineException e = assertThrows(EngineException.class, () -> ModelFile.read(directory));
    assertTrue(e.getMessage().contains("declares " + SHA), e.getMessage());
    assertTrue(e.getMessage().contains("model.onnx has sha256 "), e.getMessage());
  }

  @Test
  void read_directoryWithoutManifest_saysWhatIsMissing() {
    EngineException e = assertThrows(EngineException.class, () -> ModelFile.read(directory));
    assertTrue(e.getMessage().contains("cannot read model.yaml"), e.getMessage());
  }

  @Test
  void read_manifestWithoutOnnx_saysWhatIsMissing() throws IOException {
    Files.writeString(directory.resolve(ModelFile.MANIFEST_NAME), VALID);
    EngineException e = assertThrows(EngineException.class, () -> ModelFile.read(directory));
    assertTrue(e.getMessage().contains("model.onnx"), e.getMessage());
  }
}
