package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.model.Int8Calibration;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.engine.model.Network;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code nightfuse model} as users type it. */
final class ModelCommandTest {

  private static final Path WEIGHTS =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared/peers/weights/SeAFusion.pth");

  @TempDir private Path folder;

  private final CommandRun out = new CommandRun();

  private int run(String... args) {
    return out.run(new ModelCommand(), args);
  }

  @Test
  void list_always_namesNetworksAndTheirLicences() {
    assertEquals(ExitCode.OK, run("list"));
    assertTrue(out.toString().contains("seafusion"), out.toString());
    assertTrue(out.toString().contains("do not redistribute"), out.toString());
  }

  @Test
  void describe_mafs_printsThePapersFiguresBesideItsOwn() {
    assertEquals(ExitCode.OK, run("describe", "mafs"));
    assertTrue(out.toString().contains("324.216 G (paper 324.22 G)"), out.toString());
  }

  @Test
  void describe_unknownNetwork_namesThoseThatAre() {
    assertEquals(ExitCode.USAGE, run("describe", "unet"));
    assertTrue(out.toString().contains("mafs, maefuse, seafusion, mfnet"), out.toString());
  }

  @Test
  void import_mistakes_giveTheValueAndWhatIsAllowed() throws Exception {
    Path file = Files.write(folder.resolve("x.pth"), new byte[] {1, 2, 3});
    String model = folder.resolve("m").toString();
    assertEquals(ExitCode.NO_INPUT, run("import", "mafs", "/no/such.pth", "-o", model));
    assertEquals(
        ExitCode.USAGE, run("import", "mafs", file.toString(), "-o", model, "--size", "640"));
    assertTrue(out.toString().contains("WIDTHxHEIGHT"), out.toString());
    assertEquals(ExitCode.FAILED, run("import", "mafs", file.toString(), "-o", model));
    assertTrue(out.toString().contains("neither a PyTorch checkpoint"), out.toString());
    assertTrue(Files.notExists(Path.of(model)));
  }

  private Path shipped() throws Exception {
    Path weights = folder.resolve("weights.safetensors");
    try (InputStream in = ModelStore.class.getResourceAsStream("nightnet-s.safetensors")) {
      Files.copy(Objects.requireNonNull(in), weights);
    }
    return weights;
  }

  @Test
  void import_weightsThatWentOnLearning_areNotCalledOurs() throws Exception {
    Path weights = shipped();
    byte[] bytes = Files.readAllBytes(weights);
    bytes[bytes.length - 4] ^= 1;
    Files.write(weights, bytes);
    String model = folder.resolve("m").toString();
    assertEquals(
        ExitCode.OK, run("import", "nightnet-s", weights.toString(), "-o", model, "--no-golden"));
    assertTrue(
        out.toString()
            .contains("weights: not stated; that of what weights.safetensors was trained on"),
        out.toString());
  }

  @Test
  void calibrate_pairsOfAFolder_makeAnInt8ModelOfTheSameWeights() throws Exception {
    Path weights = shipped();
    for (String camera : List.of("visible", "infrared")) {
      Path pictures = Files.createDirectories(folder.resolve("pairs").resolve(camera));
      BufferedImage picture = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
      for (int i = 0; i < 96 * 64; i++) {
        picture.setRGB(i % 96, i / 96, (2 * i + camera.length() * (i / 96)) * 0x010203);
      }
      Picture.writePng(picture, pictures.resolve("one.png"));
    }
    String pairs = folder.resolve("pairs").toString();
    String file = folder.resolve("int8.json").toString();
    assertEquals(
        ExitCode.OK,
        run("calibrate", "nightnet-s", weights.toString(), "--dataset", pairs, "-o", file));
    assertTrue(out.toString().contains("points measured on 1 pairs"), out.toString());
    assertEquals(Network.NIGHTNET_S, Int8Calibration.read(Path.of(file)).network());

    String model = folder.resolve("m").toString();
    assertEquals(
        ExitCode.USAGE,
        run("import", "nightnet-s", weights.toString(), "-o", model, "--precision", "int8"));
    assertTrue(out.toString().contains("--calibration FILE belong together"), out.toString());
    assertEquals(
        ExitCode.NO_INPUT,
        run("calibrate", "seafusion", weights.toString(), "--dataset", pairs, "-o", file));
    assertTrue(out.toString().contains("seafusion has no INT8 form"), out.toString());
  }

  @Test
  void import_publishedWeights_thenVerifyAndDiff() {
    assumeTrue(Files.exists(WEIGHTS), "published weights are not here: " + WEIGHTS);
    String exact = folder.resolve("exact").toString();
    String half = folder.resolve("half").toString();
    assertEquals(
        ExitCode.OK,
        run("import", "seafusion", WEIGHTS.toString(), "-o", exact, "--size", "64x48"));
    assertEquals(
        ExitCode.OK,
        run(
            "import",
            "seafusion",
            WEIGHTS.toString(),
            "-o",
            half,
            "--size",
            "64x48",
            "--precision",
            "fp16"));
    assertEquals(
        ExitCode.CANNOT_CREATE, run("import", "seafusion", WEIGHTS.toString(), "-o", half));
    assertEquals(ExitCode.OK, run("verify", half));
    assertEquals(ExitCode.OK, run("diff", exact, exact));
    assertTrue(out.toString().contains("the same outputs"), out.toString());
  }
}
