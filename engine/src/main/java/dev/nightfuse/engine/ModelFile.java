package dev.nightfuse.engine;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * A model on disk: a directory with the ONNX file and the {@code model.yaml} that declares it.
 *
 * @param onnx path of the ONNX file
 * @param manifest the declaration, checked against the file
 */
public record ModelFile(Path onnx, ModelManifest manifest) {

  /** Names inside the directory. */
  public static final String ONNX_NAME = "model.onnx";

  public static final String MANIFEST_NAME = "model.yaml";

  private static final int MAX_SIDE_PX = 8192;

  private static final Set<String> PLANES =
      ordered(
          ModelManifest.VISIBLE_Y,
          ModelManifest.VISIBLE_U,
          ModelManifest.VISIBLE_V,
          ModelManifest.INFRARED);
  private static final Set<String> KEYS =
      ordered(
          "name",
          "sha256",
          "inputs",
          "size",
          "labels",
          "luma",
          "precision",
          "accuracy",
          "limits",
          "multiply_adds",
          "training",
          "data_licence");

  /**
   * Reads a model directory and checks that the ONNX file is the declared one.
   *
   * @throws EngineException naming file, line, key and what is allowed
   */
  public static ModelFile read(Path directory) throws EngineException {
    Path yaml = directory.resolve(MANIFEST_NAME);
    Path onnx = directory.resolve(ONNX_NAME);
    String text;
    try {
      text = Files.readString(yaml);
    } catch (IOException e) {
      throw new EngineException(
          "%s is no model directory: cannot read %s in it".formatted(directory, MANIFEST_NAME), e);
    }
    ModelManifest manifest = parse(yaml.toString(), text);
    String actual = sha256(onnx);
    if (!actual.equals(manifest.sha256())) {
      throw new EngineException(
          "%s has sha256 %s, but %s declares %s: the files do not belong together"
              .formatted(onnx, actual, yaml, manifest.sha256()));
    }
    return new ModelFile(onnx, manifest);
  }

  static ModelManifest parse(String file, String text) throws EngineException {
    ManifestYaml yaml = ManifestYaml.parse(file, text, KEYS);
    String name = yaml.text("name", "[a-z0-9][a-z0-9._-]*", "lower-case letters, digits, . _ -");
    String sha = yaml.text("sha256", "[0-9a-f]{64}", "64 lower-case hexadecimal digits");
    List<String> inputs = yaml.texts("inputs");
    for (String input : inputs) {
      if (!PLANES.contains(input)) {
        throw yaml.error("inputs", input + " is not one of " + String.join(", ", PLANES));
      }
    }
    ManifestYaml size = yaml.mapping("size", ordered("width", "height", "multiple"));
    int width = size.has("width") ? size.number("width", 16, MAX_SIDE_PX) : 0;
    int height = size.has("height") ? size.number("height", 16, MAX_SIDE_PX) : 0;
    if (width == 0 != (height == 0)) {
      throw yaml.error("size", "width and height must both be given, or neither");
    }
    int multiple = size.has("multiple") ? size.number("multiple", 1, 256) : 1;
    int labelScale = 0;
    List<String> classes = List.of();
    List<Integer> palette = List.of();
    if (yaml.has("labels")) {
      ManifestYaml labels = yaml.mapping("labels", ordered("scale", "classes", "palette"));
      labelScale = labels.number("scale", 1, 32);
      classes = labels.texts("classes");
      palette = labels.colours("palette");
      if (classes.size() != palette.size() || classes.isEmpty() || classes.size() > 256) {
        throw labels.error(
            "palette",
            "%d colours for %d classes; give one each, 1 to 256"
                .formatted(palette.size(), classes.size()));
      }
    }
    CheckLimits limits = CheckLimits.DEFAULT;
    if (yaml.has("limits")) {
      ManifestYaml given = yaml.mapping("limits", ordered("fused_psnr_db", "labels_equal"));
      limits =
          new CheckLimits(
              given.decimal("fused_psnr_db", 0, 100, limits.fusedPsnrDb()),
              given.decimal("labels_equal", 0, 1, limits.labelsEqual()));
    }
    return new ModelManifest(
        name,
        sha,
        inputs,
        width,
        height,
        multiple,
        labelScale,
        classes,
        palette,
        yaml.has("luma")
            && yaml.text("luma", "video|full", "video (16 to 235) or full (0 to 255)")
                .equals("full"),
        yaml.text("precision", "fp32|fp16|int8", "fp32, fp16 or int8"),
        yaml.has("accuracy") ? yaml.text("accuracy") : "",
        limits,
        (long) yaml.decimal("multiply_adds", 0, 1e15, 0),
        yaml.text("training"),
        yaml.text("data_licence"));
  }

  /** The text of {@code model.yaml}; {@link #read} gives the same manifest back. */
  static String format(ModelManifest m) {
    StringBuilder text = new StringBuilder();
    line(text, "name: " + quoted(m.name()));
    line(text, "sha256: " + m.sha256());
    line(text, "inputs: [" + String.join(", ", m.inputs()) + "]");
    line(text, "size:");
    if (m.widthPx() > 0) {
      line(text, "  width: " + m.widthPx());
      line(text, "  height: " + m.heightPx());
    }
    line(text, "  multiple: " + m.sizeMultiple());
    if (m.segments()) {
      line(text, "labels:");
      line(text, "  scale: " + m.labelScale());
      line(text, "  classes: " + list(m.classes()));
      List<String> colours = new ArrayList<>();
      m.palette().forEach(rgb -> colours.add(String.format(Locale.ROOT, "#%06x", rgb)));
      line(text, "  palette: " + list(colours));
    }
    if (m.fullRange()) {
      line(text, "luma: full");
    }
    line(text, "precision: " + m.precision());
    if (!m.accuracy().isEmpty()) {
      line(text, "accuracy: " + quoted(m.accuracy()));
    }
    if (!m.limits().equals(CheckLimits.DEFAULT)) {
      line(text, "limits:");
      line(text, "  fused_psnr_db: " + m.limits().fusedPsnrDb());
      line(text, "  labels_equal: " + m.limits().labelsEqual());
    }
    if (m.multiplyAdds() > 0) {
      line(text, "multiply_adds: " + m.multiplyAdds());
    }
    line(text, "training: " + quoted(m.training()));
    line(text, "data_licence: " + quoted(m.dataLicence()));
    return text.toString();
  }

  /** Writes a {@code model.yaml}. */
  public static void writeManifest(Path yaml, ModelManifest manifest) throws IOException {
    Files.writeString(yaml, format(manifest), StandardCharsets.UTF_8);
  }

  /** The checksum a manifest declares for its ONNX file. */
  public static String sha256(Path onnx) throws EngineException {
    try (InputStream in = Files.newInputStream(onnx)) {
      return sha256(in);
    } catch (IOException e) {
      throw new EngineException("cannot read " + onnx + ": " + e.getMessage(), e);
    }
  }

  /** Of all that follows. */
  public static String sha256(InputStream in) throws IOException {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] chunk = new byte[1 << 16];
      for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
        digest.update(chunk, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  private static void line(StringBuilder text, String line) {
    text.append(line).append('\n');
  }

  private static String list(List<String> values) {
    return "[" + String.join(", ", values.stream().map(ModelFile::quoted).toList()) + "]";
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + '"';
  }

  private static Set<String> ordered(String... values) {
    return new LinkedHashSet<>(List.of(values));
  }
}
