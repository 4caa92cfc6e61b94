package dev.nightfuse.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import dev.nightfuse.training.torch.Natives;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Whole runs of the trainer on four small pairs. */
final class TrainRunTest {

  @TempDir private Path folder;

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  @Test
  void run_fourPairs_areLearntByHeart() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    Path run = folder.resolve("run");
    assertEquals(0, train(config(100, 200), run));
    double first = value(run, "classes", 0);
    double last = value(run, "classes", 99);
    assertTrue(first > 1.5, "at first every class is as likely: " + first);
    assertTrue(last < 0.25 * first, "classes: " + first + " -> " + last);
    assertTrue(value(run, "loss", 99) < 0.7 * value(run, "loss", 0), "fusion learns as well");
  }

  @Test
  void run_killedAndStartedAgain_goesOnBitForBit() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    Path config = config(24, 5);
    Path whole = folder.resolve("whole");
    assertEquals(0, train(config, whole));

    Path killed = folder.resolve("killed");
    Process process =
        java(TrainCommand.class, "-c", config.toString(), "--out", killed.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("killed.log").toFile())
            .start();
    try {
      Path checkpoint = killed.resolve(TrainLoop.CHECKPOINT);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(100);
      while (!Files.exists(checkpoint) && process.isAlive() && System.nanoTime() < deadline) {
        process.waitFor(5, TimeUnit.MILLISECONDS);
      }
      assertTrue(Files.exists(checkpoint), () -> text(folder.resolve("killed.log")));
    } finally {
      process.destroyForcibly();
      process.waitFor();
    }
    assertEquals(0, train(config, killed));
    assertEquals(
        Files.readAllLines(whole.resolve(TrainLoop.CURVE)),
        Files.readAllLines(killed.resolve(TrainLoop.CURVE)));
    assertSameWeights(whole, killed);
  }

  private static ProcessBuilder java(Class<?> main, String... arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx1g",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words);
  }

  @Test
  void run_folderInWhichAnotherTrains_isLeftAlone() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    Path run = Files.createDirectory(folder.resolve("run"));
    Process other = java(TrainRunTest.class, run.resolve("lock").toString()).start();
    try {
      assertEquals('!', other.getInputStream().read());
      assertToldInOneLine(config(1, 1), run + ": another trainer is at work there");
    } finally {
      other.destroyForcibly();
      other.waitFor();
    }
    assertEquals(0, train(config(1, 1), run));
  }

  /** Another process: locks a file until it is ended. */
  public static void main(String[] arguments) throws IOException {
    try (FileChannel file =
        FileChannel.open(
            Path.of(arguments[0]), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.lock();
      System.out.print('!');
      System.out.flush();
      System.in.read();
    }
  }

  @Test
  void run_secondStage_beginsWithAveragesOfTheFirstAndForgetsThem() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    Path config = config(20, 20);
    Path first = folder.resolve("first");
    assertEquals(0, train(config, first));
    Files.writeString(
        config,
        "  more: {steps: 1, learning-rate: 0.004, warm-up: 0, learns: 'head\\.bright\\.weight'}\n",
        StandardOpenOption.APPEND);
    Path both = folder.resolve("both");
    assertEquals(0, train(config, both));
    Map<String, float[]> before = weights(first);
    Map<String, float[]> after = weights(both);
    float[] learnt = after.remove("head.bright.weight");
    float[] old = before.remove("head.bright.weight");
    before.forEach((key, values) -> assertArrayEquals(values, after.get(key), key));
    float farthest = 0;
    for (int i = 0; i < old.length; i++) {
      farthest = Math.max(farthest, Math.abs(learnt[i] - old[i]));
    }
    // Adam's first step is the learning rate; the first average has nine tenths of it.
    assertEquals(0.0036, farthest, 0.0002);

    assertEquals(0, train(config, first), "taken up where one stage ends and the next begins");
    assertSameWeights(both, first);
  }

  @Test
  void run_finishedBefore_saysSoUnlessItsFileSaysSomethingElse() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    Path config = config(1, 1);
    Path run = folder.resolve("run");
    assertEquals(0, train(config, run));
    StringWriter told = new StringWriter();
    CommandLine line =
        TrainCommand.commandLine()
            .setOut(new PrintWriter(told, true))
            .setErr(new PrintWriter(told, true));
    String[] arguments = {"-c", config.toString(), "--out", run.toString()};
    Files.writeString(config, "validate-every: 7\n", StandardOpenOption.APPEND);
    assertEquals(0, line.execute(arguments));
    assertTrue(told.toString().contains("tiny was finished before, nothing was trained"));

    Files.writeString(config, "seed: 2\n", StandardOpenOption.APPEND);
    assertEquals(78, line.execute(arguments));
    assertTrue(
        told.toString()
            .contains(
                "checkpoint.safetensors was learnt with seed: not given, the file says 2; change it"
                    + " back, name another folder with --out, or begin anew with --restart"),
        told::toString);
    assertEquals(0, train(config, run, "--restart"));
  }

  @Test
  void run_newBeginningThatFindsNoData_forgetsNothing() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    Path config = config(1, 1);
    assertEquals(0, train(config, folder.resolve("run")));
    Path elsewhere = Files.move(folder.resolve("pairs"), folder.resolve("elsewhere"));
    assertToldInOneLine(config, "data set " + folder.resolve("pairs"), "--restart");
    assertTrue(Files.exists(folder.resolve("run").resolve(TrainLoop.CHECKPOINT)));
    Files.move(elsewhere, folder.resolve("pairs"));
    assertEquals(0, train(config, folder.resolve("run"), "--restart"));
  }

  @Test
  void run_foldersOfTheSameName_areValidatedEachByItself() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 2);
    Path other = folder.resolve("other/pairs");
    SyntheticPairs.write(other, 1);
    for (Path pairs : List.of(folder.resolve("pairs"), other)) {
      for (String kind : List.of("visible", "infrared", "labels")) {
        Files.copy(
            folder.resolve("pairs").resolve(kind).resolve("00.png"),
            pairs.resolve(kind).resolve("00332D.png"));
      }
    }
    Path config = config(1, 1);
    Files.writeString(
        config,
        Files.readString(config)
            .replace("data:\n", "data:\n  others: {folder: %s}\n".formatted(other)));
    Path run = folder.resolve("run");
    assertEquals(0, train(config, run));
    assertTrue(value(run, "validation/pairs/SSIM", 0) > 0);
    assertTrue(value(run, "validation/others/SSIM", 0) > 0);
  }

  @Test
  void run_stepThatIsNotFinite_namesItsTermsAndKeepsNothing() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    Path config = config(1, 1);
    Path sound = folder.resolve("sound");
    assertEquals(0, train(config, sound));
    Path broken = folder.resolve("broken.safetensors");
    byte[] bytes = Files.readAllBytes(sound.resolve(TrainLoop.WEIGHTS));
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putFloat(bytes.length - 4, Float.NaN);
    Files.write(broken, bytes);
    Files.writeString(config, "start: %s\n".formatted(broken), StandardOpenOption.APPEND);
    Path run = folder.resolve("run");
    StringWriter told = new StringWriter();
    CommandLine line = TrainCommand.commandLine().setErr(new PrintWriter(told, true));
    assertEquals(78, line.execute("-c", config.toString(), "--out", run.toString()));
    assertTrue(told.toString().contains("stage learn, step 0: the loss is NaN"), told::toString);
    assertTrue(told.toString().contains("classes="), told::toString);
    assertFalse(Files.exists(run.resolve(TrainLoop.CHECKPOINT)));
  }

  @Test
  void run_statisticThatTheLossDoesNotShow_keepsNothing() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    Path config = config(1, 1);
    Path sound = folder.resolve("sound");
    assertEquals(0, train(config, sound));
    String key =
        weights(sound).keySet().stream()
            .filter(name -> name.endsWith("running_var"))
            .findFirst()
            .orElseThrow();
    float[] broken = weights(sound).get(key);
    broken[0] = Float.NaN;
    Path start = folder.resolve("start.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add(key, List.of(broken.length), () -> broken);
    writer.write(start, Map.of());
    Files.writeString(config, "start: %s\n".formatted(start), StandardOpenOption.APPEND);
    assertToldInOneLine(config, "stage learn: " + key + " has become NaN; nothing is saved");
    try (Stream<Path> kept = Files.list(folder.resolve("run"))) {
      assertEquals(
          List.of(), kept.filter(file -> file.toString().endsWith(".safetensors")).toList());
    }
  }

  @Test
  void run_weightsThatCannotBeSaved_isNotFinished() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    Path run = folder.resolve("run");
    Files.createDirectories(run.resolve(TrainLoop.WEIGHTS).resolve("in the way"));
    StringWriter told = new StringWriter();
    CommandLine line = TrainCommand.commandLine().setErr(new PrintWriter(told, true));
    assertEquals(78, line.execute("-c", config(1, 1).toString(), "--out", run.toString()));
    assertTrue(told.toString().contains(TrainLoop.WEIGHTS), told::toString);
    assertFalse(Files.exists(run.resolve(TrainLoop.CHECKPOINT)));
  }

  @Test
  void run_damagedPictureWrongStartOrNothingLeft_isOneLine() throws Exception {
    Path pairs = folder.resolve("pairs");
    SyntheticPairs.write(pairs, 1);
    Path config = config(1, 1);
    Path start = folder.resolve("start.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("head.bright.weight", List.of(1), () -> new float[1]);
    writer.write(start, Map.of());
    Files.writeString(config, "start: %s\n".formatted(start), StandardOpenOption.APPEND);
    assertToldInOneLine(config, "start: " + start + ": head.bright.weight has 1 values");

    for (String kind : List.of("visible", "infrared", "labels")) {
      Path of = pairs.resolve(kind);
      Files.move(of.resolve("00.png"), of.resolve("00332D.png"));
    }
    assertToldInOneLine(config, "data set " + pairs + ": all of its 1 pairs are held out");

    SyntheticPairs.write(pairs, 1);
    Path damaged = pairs.resolve("visible/00.png");
    Files.write(damaged, Arrays.copyOf(Files.readAllBytes(damaged), 60));
    assertToldInOneLine(config, "picture " + damaged + " cannot be read");
  }

  @Test
  void run_teacherOfAnotherNetworkOrFolderInTheWay_isOneLine() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    Path config = config(1, 1);
    Path dense = folder.resolve("dense.safetensors");
    SafetensorsWriter writer = new SafetensorsWriter();
    writer.add("head.bright.weight", List.of(1), () -> new float[1]);
    writer.write(dense, Map.of());
    Files.writeString(
        config,
        "loss: {imitation: 1}\nnightnet: {imitates: %s}\n".formatted(dense),
        StandardOpenOption.APPEND);
    assertToldInOneLine(config, "teacher " + dense + " has no ");

    Path run = folder.resolve("run");
    Files.move(run, folder.resolve("gone"));
    Files.createFile(run);
    assertToldInOneLine(config, run + ": is in the way");
  }

  private void assertToldInOneLine(Path config, String message, String... more) {
    StringWriter told = new StringWriter();
    CommandLine line = TrainCommand.commandLine().setErr(new PrintWriter(told, true));
    assertEquals(78, line.execute(arguments(config, folder.resolve("run"), more)));
    assertTrue(told.toString().startsWith("nightfuse: " + message), told::toString);
    assertEquals(1, told.toString().lines().count(), told::toString);
  }

  @Test
  void run_noThreads_isOneLine() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    assertToldInOneLine(config(1, 1), "--threads is 0; 1 or more are allowed", "--threads", "0");
  }

  @Test
  void run_stageInWhichNothingLearns_isOneLine() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 4);
    Path config = config(1, 1);
    Files.writeString(
        config, Files.readString(config).replace("warm-up: 4", "warm-up: 4, learns: head"));
    assertToldInOneLine(
        config,
        "stages.learn.learns: no key of the network is matched as a whole by head, such as");
  }

  @Test
  void run_termThatNothingFeeds_isRefused() throws Exception {
    SyntheticPairs.write(folder.resolve("pairs"), 1);
    for (String term : List.of("distillation", "imitation", "stability")) {
      Path config = config(1, 1);
      Files.writeString(config, "loss: {%s: 2}\n".formatted(term), StandardOpenOption.APPEND);
      StringWriter told = new StringWriter();
      CommandLine line = TrainCommand.commandLine().setErr(new PrintWriter(told, true));
      assertEquals(
          78, line.execute("-c", config.toString(), "--out", folder.resolve("x").toString()));
      assertTrue(
          told.toString().contains("stage learn: " + term + " is 2.0 in the loss"), told::toString);
    }
  }

  private static int train(Path config, Path run, String... more) {
    return new CommandLine(new TrainCommand()).execute(arguments(config, run, more));
  }

  private static String[] arguments(Path config, Path run, String... more) {
    List<String> arguments = new ArrayList<>(List.of(more));
    arguments.addAll(List.of("-c", config.toString(), "--out", run.toString()));
    return arguments.toArray(String[]::new);
  }

  private Path config(int steps, int checkpointEvery) throws IOException {
    Path file = folder.resolve("config.yaml");
    Files.writeString(
        file,
        """
        name: tiny
        recipe: nightnet-s
        batch: 4
        crop-px: 64
        ema: 0.9
        log-every: 1
        checkpoint-every: %d
        augmentation: crop
        data:
          pairs: {folder: %s}
        stages:
          learn: {steps: %d, learning-rate: 0.004, warm-up: 4}
        """
            .formatted(checkpointEvery, folder.resolve("pairs"), steps));
    return file;
  }

  private static double value(Path run, String name, int step) throws IOException {
    List<String> lines = Files.readAllLines(run.resolve(TrainLoop.CURVE));
    String start = "0," + step + "," + name + ",";
    return lines.stream()
        .filter(line -> line.startsWith(start))
        .mapToDouble(line -> Double.parseDouble(line.substring(start.length())))
        .findFirst()
        .orElseThrow();
  }

  private static void assertSameWeights(Path expected, Path actual) throws IOException {
    assertArrayEquals(
        Files.readAllBytes(expected.resolve(TrainLoop.WEIGHTS)),
        Files.readAllBytes(actual.resolve(TrainLoop.WEIGHTS)));
  }

  private static Map<String, float[]> weights(Path run) throws IOException, EngineException {
    Map<String, float[]> values = new LinkedHashMap<>();
    try (WeightsFile file = WeightsFile.open(run.resolve(TrainLoop.WEIGHTS))) {
      for (WeightTensor tensor : file.tensors().values()) {
        values.put(tensor.name(), tensor.readFloats());
      }
    }
    return values;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }
}
