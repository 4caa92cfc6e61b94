package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.training.torch.Natives;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code nightfuse prepare} as users type it. */
final class PrepareCommandTest {

  private static final Path SHARED =
      Path.of(System.getProperty("nightfuse.root", ".."), "../shared");

  @TempDir private Path folder;

  private final StringWriter out = new StringWriter();

  private int run(String... args) {
    CommandLine line = PrepareCommand.commandLine();
    line.setOut(new PrintWriter(out, true));
    line.setErr(new PrintWriter(out, true));
    return line.execute(args);
  }

  /** One night pair, one day pair with a map that is held out. */
  private Path small() throws Exception {
    Path msrs = SHARED.resolve("data/MSRS");
    assumeTrue(Files.isDirectory(msrs), "no ../shared/data/MSRS");
    for (String file :
        List.of(
            "visible/00681N.png",
            "infrared/00681N.png",
            "boxes/00681N.txt",
            "visible/01441D.png",
            "infrared/01441D.png",
            "boxes/01441D.txt",
            "pseudo_labels/01441D.png")) {
      Files.createDirectories(folder.resolve("set").resolve(file).getParent());
      Files.copy(msrs.resolve(file), folder.resolve("set").resolve(file));
    }
    return folder.resolve("set");
  }

  @Test
  void split_and_check_tellWhatIsHeldOutAndThatNothingIsWrong() throws Exception {
    String set = small().toString();
    assertEquals(0, run("split", set));
    assertTrue(out.toString().contains("set/01441D"), out.toString());
    assertTrue(out.toString().contains("set: 1 of 2 pairs held out"), out.toString());
    assertEquals(0, run("split", "--fold", "second", set));
    assertTrue(out.toString().contains("set: 0 of 2 pairs held out"), out.toString());
    assertEquals(0, run("check", set), out.toString());
    Files.copy(folder.resolve("set/visible/01441D.png"), folder.resolve("set/visible/alone.png"));
    assertEquals(1, run("check", set));
    assertTrue(out.toString().contains("findings: {NO_PARTNER=1}"), out.toString());
  }

  @Test
  void labels_ofAPairWithBoxes_areWrittenAndThoseOfTheOtherCompared() throws Exception {
    Path weights = SHARED.resolve("peers/weights/MFNet.pth");
    assumeTrue(Files.exists(weights), "published weights are not here: " + weights);
    Natives.assumeHere();
    String set = small().toString();
    Path target = folder.resolve("made");
    assertEquals(
        0,
        run("labels", set, "--weights", weights.toString(), "-o", target.toString()),
        out.toString());
    assertTrue(Files.exists(target.resolve("labels/00681N.png")));
    assertTrue(Files.notExists(target.resolve("labels/01441D.png")));
    assertTrue(Files.exists(target.resolve("soft/01441D.png")));
    assertTrue(out.toString().contains("of 1 held-out pairs"), out.toString());
    String person =
        out.toString().lines().filter(l -> l.contains("person")).findFirst().orElseThrow();
    double refined = Double.parseDouble(person.substring(person.lastIndexOf(' ') + 1));
    assertTrue(refined > 0.7, person);
  }

  @Test
  void split_secondFold_linksItsOwnScenes() throws Exception {
    for (String file :
        List.of(
            "visible/01413D.png",
            "infrared/01413D.png",
            "visible/01441D.png",
            "infrared/01441D.png")) {
      Path picture = folder.resolve("set").resolve(file);
      Files.createDirectories(picture.getParent());
      ImageIO.write(
          new BufferedImage(16, 16, BufferedImage.TYPE_BYTE_GRAY), "png", picture.toFile());
    }
    String set = folder.resolve("set").toString();
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    Path learnt = folder.resolve("learnt");
    assertEquals(0, run("split", set, "--link", first.toString()), out.toString());
    assertEquals(0, run("split", set, "--fold", "second", "--link", second.toString()));
    assertEquals(
        0, run("split", set, "--fold", "second", "--training", "--link", learnt.toString()));
    assertEquals(List.of("01441D.png"), names(first));
    assertEquals(List.of("01413D.png"), names(second));
    assertEquals(List.of("01441D.png"), names(learnt));
    assertEquals(2, run("split", set, "--fold", "third"));
    Path twice = folder.resolve("twice");
    assertEquals(78, run("split", set, first.resolve("set") + "", "--link", twice.toString()));
    assertTrue(out.toString().contains("two data sets are named set"), out.toString());
  }

  private static List<String> names(Path linked) throws IOException {
    try (Stream<Path> files = Files.list(linked.resolve("set/infrared"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }

  @Test
  void mistakes_areOneMessageWithoutAStackTrace() throws Exception {
    assertEquals(78, run("check", folder.resolve("none").toString()));
    assertTrue(out.toString().contains("none of the known layouts"), out.toString());
    assertTrue(!out.toString().contains("\tat "), out.toString());
    assertEquals(2, run("labels", folder.toString()));
  }

  @Test
  void teachers_ofOtherWeightsOrADamagedPicture_areOneMessage() throws Exception {
    Natives.assumeHere();
    Path pairs = folder.resolve("pairs");
    SyntheticPairs.write(pairs, 1);
    Path weights = folder.resolve("other.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("head.weight", List.of(1), () -> new float[1]);
    writer.write(weights, Map.of());
    for (String job : List.of("fused", "labels")) {
      assertEquals(78, run(job, pairs.toString(), "--weights", weights + "", "-o", folder + "/x"));
      assertTrue(out.toString().contains("teacher " + weights + " has no "), out.toString());
      assertTrue(out.toString().contains("it belongs to another network"), out.toString());
    }
    Path damaged = Files.writeString(pairs.resolve("visible/00.png"), "no picture");
    for (String job : List.of("fused", "labels")) {
      assertEquals(78, run(job, pairs.toString(), "--weights", weights + "", "-o", folder + "/y"));
      assertTrue(
          out.toString().contains("nightfuse: picture " + damaged + " is of no known kind"),
          out.toString());
    }
  }
}
