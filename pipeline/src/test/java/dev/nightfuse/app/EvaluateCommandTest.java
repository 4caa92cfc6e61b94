package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.peers.MfNet;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntBinaryOperator;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class EvaluateCommandTest {

  private static final int WIDTH = 64;
  private static final int HEIGHT = 48;

  @TempDir Path folder;

  private final StringWriter out = new StringWriter();

  private void pairs(int count) throws IOException {
    for (int i = 0; i < count; i++) {
      int shift = i * 5;
      picture("visible", "p" + i + ".png", (x, y) -> (x * 3 + y + shift) % 200);
      picture("infrared", "p" + i + ".png", (x, y) -> x > 20 && x < 30 && y > 10 ? 220 : 30 + y);
    }
  }

  private void picture(String sub, String name, IntBinaryOperator level) throws IOException {
    Files.createDirectories(folder.resolve(sub));
    BufferedImage image = new BufferedImage(WIDTH, HEIGHT, BufferedImage.TYPE_BYTE_GRAY);
    for (int y = 0; y < HEIGHT; y++) {
      for (int x = 0; x < WIDTH; x++) {
        image.getRaster().setSample(x, y, 0, level.applyAsInt(x, y));
      }
    }
    ImageIO.write(image, "png", folder.resolve(sub).resolve(name).toFile());
  }

  private int evaluate(String... more) {
    CommandLine command = new CommandLine(new EvaluateCommand());
    command.setOut(new PrintWriter(out, true));
    // As the program does it, without its exit codes: the message is what the user sees.
    command.setExecutionExceptionHandler(
        (failure, line, parsed) -> {
          out.append(failure.getMessage());
          return failure instanceof UserErrorException mistake ? mistake.exitCode() : 1;
        });
    String[] args = new String[4 + more.length];
    System.arraycopy(
        new String[] {"--dataset", folder.toString(), "--model", "detail-transfer"}, 0, args, 0, 4);
    System.arraycopy(more, 0, args, 4, more.length);
    return command.execute(args);
  }

  @Test
  void evaluate_pairs_givesTableCsvAndPage() throws IOException {
    pairs(3);
    Path csv = folder.resolve("result.csv");
    Path html = folder.resolve("result.html");

    assertEquals(0, evaluate("--csv", csv.toString(), "--html", html.toString()), out::toString);

    List<String> table = out.toString().lines().toList();
    assertTrue(table.get(0).endsWith("3 of 3 pairs"), table.get(0));
    assertTrue(table.get(2).startsWith("detail-transfer "), table.get(2));
    assertTrue(table.get(3).startsWith("max "), table.get(3));
    assertTrue(table.get(4).startsWith("average "), table.get(4));
    List<String> lines = Files.readAllLines(csv);
    assertEquals("method,pair,EN,SD,SF,AG,MI,CC,SCD,VIF,Qabf,SSIM", lines.get(0));
    // Three methods with three pairs and a mean each.
    assertEquals(1 + 9 + 3, lines.size());
    double sum = 0;
    for (String line : lines.subList(1, 4)) {
      sum += Double.parseDouble(List.of(line.split(",", -1)).get(3));
    }
    assertEquals(sum / 3, Double.parseDouble(List.of(lines.get(10).split(",", -1)).get(3)), 1e-9);
    String page = Files.readString(html);
    assertTrue(page.contains("data:image/jpeg;base64,"), "the page holds its pictures");
    assertFalse(page.contains("src=\"http"), "the page needs no other file");
  }

  @Test
  void evaluate_limit_spreadsOverTheNames() throws IOException {
    pairs(4);
    Path csv = folder.resolve("result.csv");

    assertEquals(0, evaluate("--limit", "2", "--csv", csv.toString()), out::toString);

    List<String> lines = Files.readAllLines(csv);
    assertTrue(lines.get(1).startsWith("detail-transfer,p0,"), lines.get(1));
    assertTrue(lines.get(2).startsWith("detail-transfer,p2,"), lines.get(2));
    assertTrue(lines.get(3).startsWith("max,p0,"), lines.get(3));
  }

  @Test
  void evaluate_threads_doNotChangeTheResult() throws IOException {
    pairs(3);
    Path one = folder.resolve("one.csv");
    Path three = folder.resolve("three.csv");

    assertEquals(0, evaluate("--threads", "1", "--csv", one.toString()), out::toString);
    assertEquals(0, evaluate("--threads", "3", "--csv", three.toString()), out::toString);

    assertEquals(Files.readString(one), Files.readString(three));
  }

  @Test
  void evaluate_noDataset_saysWhatIsNeeded() {
    assertEquals(ExitCode.NO_INPUT, evaluate());
    assertTrue(out.toString().contains("needed are visible/ and infrared/"), out.toString());
  }

  @Test
  void evaluate_pairOfTwoSizes_isNamed() throws IOException {
    pairs(1);
    BufferedImage other = new BufferedImage(50, 50, BufferedImage.TYPE_BYTE_GRAY);
    ImageIO.write(other, "png", folder.resolve("infrared/p0.png").toFile());

    assertEquals(ExitCode.NO_INPUT, evaluate());
    assertTrue(
        out.toString().contains("50 x 50 and 64 x 48; evaluation needs aligned pairs"),
        out.toString());
  }

  @Test
  void dataset_labelsAndBoxes_areReadAndChecked() throws Exception {
    pairs(2);
    picture("labels", "p0.png", (x, y) -> x == 0 ? 255 : y % 9);
    picture("labels", "p1.png", (x, y) -> 12);
    Files.createDirectories(folder.resolve("boxes"));
    Files.writeString(folder.resolve("boxes/p0.txt"), "0 0.5 0.5 0.25 0.5\n2 0.1 0.1 0.2 0.2  \n");
    Files.writeString(folder.resolve("boxes/p1.txt"), "7 0.5 0.5 0.25 0.5\n");
    EvaluateDataset dataset = new EvaluateDataset(folder, 0);
    EvaluateDataset.LabelSet labels = dataset.labelSets().get(0);

    assertFalse(labels.predicted());
    byte[] map = dataset.labels(labels, "p0", WIDTH, HEIGHT);
    assertTrue(map != null && map[0] == (byte) 255 && map[WIDTH + 5] == 1, "labels are raw values");
    assertTrue(dataset.labels(labels, "p9", WIDTH, HEIGHT) == null, "a pair without labels");
    // Person, bike and car by MFNet's label values.
    assertEquals(List.of(2, 3, 1), dataset.boxClasses());
    Files.writeString(folder.resolve("boxes/classes.txt"), "0 person\n1 bicycle\n\n2 car\n");
    assertEquals(dataset.boxClasses(), new EvaluateDataset(folder, 0).boxClasses(), "numbered");
    assertEquals(
        "{1=[PixelBox[left=0.0, top=0.0, right=12.8, bottom=9.600000000000001]],"
            + " 2=[PixelBox[left=24.0, top=12.0, right=40.0, bottom=36.0]], 3=[]}",
        String.valueOf(dataset.boxes("p0", WIDTH, HEIGHT)));
    assertEquals(
        "%s holds label 12; allowed are 0 to 8 and 255 for pixels that do not count"
            .formatted("label map " + folder.resolve("labels/p1.png")),
        message(() -> dataset.labels(labels, "p1", WIDTH, HEIGHT)));
    assertTrue(
        message(() -> dataset.boxes("p1", WIDTH, HEIGHT))
            .endsWith(
                "line 1: \"7 0.5 0.5 0.25 0.5\" is not a class (0 to 2) and a box (centre x, y, width, height in shares)"),
        "box message");
  }

  @Test
  void model_labelThatItDoesNotDeclare_isTold() throws Exception {
    EvaluateModel model = EvaluateModel.openAll(List.of("nightnet-s"), MfNet.CLASSES).get(0);
    assertArrayEquals(new byte[] {0, 8}, model.translated(new byte[] {0, 8}));
    assertEquals(
        "model nightnet-s gives label 255; its model.yaml has classes 0 to 8",
        message(() -> model.translated(new byte[] {(byte) 255})));
  }

  private interface Reading {
    void run() throws UserErrorException;
  }

  private static String message(Reading reading) {
    try {
      reading.run();
      return "no failure";
    } catch (UserErrorException e) {
      return String.valueOf(e.getMessage());
    }
  }

  @Test
  void references_measuredSection_becomesATable() {
    List<EvaluateTable> tables =
        EvaluateReferences.measured(
            "roads",
            List.of(
                "### Roads at night",
                "text",
                "### Roads, 3 of 9",
                "| method | EN |",
                "|---|---|",
                "| one | **7.1** |",
                "",
                "| other | table |"));
    assertEquals(1, tables.size());
    assertEquals(List.of("method", "EN"), tables.get(0).header());
    assertEquals(List.of(List.of("one", "7.1")), tables.get(0).rows());
  }

  @Test
  void references_published_haveARowPerMethod() {
    List<EvaluateTable> tables = EvaluateReferences.published("MSRS");
    assertEquals(2, tables.size());
    for (EvaluateTable table : tables) {
      table.rows().forEach(row -> assertEquals(table.header().size(), row.size(), row.toString()));
    }
    assertEquals(List.of(), EvaluateReferences.published("elsewhere"));
  }

  @Test
  void paddedPlane_sidesThatDoNotFit_repeatTheLastPixelAndComeBack() {
    PaddedPlane plane = new PaddedPlane(3, 2, PaddedPlane.up(3, 4), PaddedPlane.up(2, 4));
    for (int i = 0; i < 6; i++) {
      plane.tight().put(i, (byte) (i + 1));
    }
    plane.extend();

    byte[] padded = new byte[16];
    plane.padded().get(0, padded);
    assertEquals(
        List.of(1, 2, 3, 3, 4, 5, 6, 6, 4, 5, 6, 6, 4, 5, 6, 6), Arrays.asList(boxed(padded)));
    for (int i = 0; i < 6; i++) {
      plane.tight().put(i, (byte) 0);
    }
    plane.crop();
    for (int i = 0; i < 6; i++) {
      assertEquals(i + 1, plane.tight().get(i));
    }
  }

  private static Integer[] boxed(byte[] bytes) {
    Integer[] result = new Integer[bytes.length];
    for (int i = 0; i < bytes.length; i++) {
      result[i] = (int) bytes[i];
    }
    return result;
  }
}
