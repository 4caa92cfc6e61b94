package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.ExternalProcess;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What the shell sees: help, messages, exit codes. A user's mistake never shows a stack trace. */
final class CommandLineTest {

  private static final String RIG =
      "rigs:\n  - name: demo\n    visible: {uri: \"%s\"}\n    infrared: {uri: \"%s\"}\n";

  @TempDir static Path home;

  private static final ExecutorService PROCESSORS = Executors.newFixedThreadPool(2);

  @AfterAll
  static void stop() {
    PROCESSORS.shutdownNow();
  }

  @BeforeAll
  static void prepare() throws Exception {
    Pictures.write(home.resolve("v.png"), 64, 48, (x, y) -> 4 * x);
    Pictures.write(home.resolve("i.png"), 64, 48, (x, y) -> 5 * y);
    Pictures.write(home.resolve("small.png"), 32, 20, (x, y) -> x);
    Files.writeString(home.resolve("text.png"), "this is no picture");
    Files.writeString(home.resolve("there.png"), "keep me");
    for (String name : List.of("a/one.png", "a/two.png", "b/one.png", "b/three.png")) {
      Pictures.write(home.resolve(name), 64, 48, (x, y) -> x + y);
    }
    Files.createDirectory(home.resolve("empty"));
    Files.createDirectory(home.resolve("folder.mp4"));
    Files.writeString(home.resolve("v.mp4"), "this is no video");
    Files.writeString(home.resolve("i.mp4"), "this is no video");
    Files.writeString(
        home.resolve("unknown.yaml"),
        RIG.formatted("simulated:night", "simulated:night") + "    palete: iron\n");
    Files.writeString(home.resolve("value.yaml"), RIG.formatted("simulated:night", "tape:1"));
    Files.writeString(
        home.resolve("engine.yaml"),
        "engine: {backend: abacus}\n" + RIG.formatted("simulated:night", "simulated:night"));
    Files.writeString(
        home.resolve("classes.yaml"),
        RIG.formatted("simulated:night", "simulated:night")
            + "    overlay: {classes: [car, persn]}\n");
    Files.writeString(
        home.resolve("simulated.yaml"),
        "engine: {model: detail-transfer}\n"
            + RIG.formatted("simulated:night", "simulated:night")
            + "    overlay: {classes: [person, truck]}\n");
    Files.writeString(
        home.resolve("unsegmented.yaml"),
        "engine: {model: detail-transfer}\n"
            + RIG.formatted("replay:v.mp4", "replay:i.mp4")
            + "    overlay: {classes: [person]}\n");
    Files.writeString(
        home.resolve("taken.yaml"),
        RIG.formatted("simulated:night", "replay:/none.mp4?rate=taken"));
    Files.writeString(
        home.resolve("model.yaml"),
        "engine: {model: nowhere/model}\n" + RIG.formatted("simulated:night", "simulated:night"));
  }

  static List<String> commands() {
    return NightfuseMain.commandLine().getSubcommands().keySet().stream()
        .filter(name -> !name.equals("help")) // picocli's own
        .toList();
  }

  @ParameterizedTest
  @MethodSource("commands")
  void help_everyCommand_explainsItself(String name) {
    CommandLine command = NightfuseMain.commandLine().getSubcommands().get(name);
    String usage = command.getUsageMessage(CommandLine.Help.Ansi.OFF);
    assertTrue(usage.startsWith("Usage: nightfuse " + name), usage);
    assertTrue(command.getCommandSpec().usageMessage().description().length > 0, usage);
    assertTrue(usage.lines().allMatch(line -> line.length() <= 80), usage);
    command
        .getCommandSpec()
        .options()
        .forEach(option -> assertTrue(option.description().length > 0, option.longestName()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "--version", "demo --help", "fuse -h", "help run"})
  void help_asked_isOnStandardOutputWithCode0(String arguments) throws Exception {
    ExternalProcess.Result result = Program.run(home, arguments.split(" ", -1));
    assertEquals(0, result.exitCode(), result.toString());
    assertTrue(result.text().length() > 20, result.toString());
    assertEquals("", result.stderr());
  }

  /** Exit code, command and a part of what is said. */
  private static final String MISTAKES =
      """
      2  |                                             | Usage: nightfuse
      2  | fuze                                        | Unmatched argument
      2  | fuse v.png -o out.png                       | INFRARED
      2  | fuse v.mp4 i.mp4 -o out.mp4 --view upside   | view "upside" is not known; allowed: fused
      2  | fuse v.mp4 i.mp4 -o out.mp4 --bitrate 0     | must be 50.0 to 100000.0
      2  | demo --rtsp-port 70000                      | 0 to 65535
      2  | demo --http-port many                       | many
      2  | record start --url robot:8080               | --url is "robot:8080"; allowed: http://
      66 | fuse none.png i.png -o out.png              | none.png does not exist
      66 | fuse text.png i.png -o out.png              | text.png
      66 | fuse v.mp4 i.mp4 -o out.mp4 | determine type
      66 | fuse v.png a -o out.png                     | one is a folder, the other is not
      66 | fuse a b -o out                             | have no partner of the same name in b: two
      66 | fuse empty empty -o out                     | holds no pictures
      66 | stability none.mp4 i.mp4 --model nightnet-m | none.mp4 does not exist
      66 | model calibrate nightnet-m v.mp4 --dataset none -o c.json | no folder none/visible
      66 | bench --rig replay:v.png,replay:i.png --model detail-transfer | ended within the 5 s
      73 | bench --json none/bench.json                | there is no folder
      73 | calibrate -c simulated.yaml -o none/c.yaml  | there is no folder
      73 | fuse v.png i.png -o /proc/out.png           | picture /proc/out.png cannot be written
      73 | fuse v.png i.png -o there.png               | there.png exists; --force overwrites it
      73 | fuse v.png i.png -o out.jpg                 | a file ending in .png
      73 | fuse v.png i.png -o /proc/none/out.png      | /proc/none
      73 | fuse v.mp4 i.mp4 -o /proc/none.mp4          | none.mp4
      78 | run -c unknown.yaml                         | unknown.yaml:5: rigs[0].palete
      78 | run -c value.yaml                           | scheme "tape:" is not known; allowed: simulated:
      78 | run -c engine.yaml                          | engine.yaml:1
      78 | run -c classes.yaml | rig demo: overlay.classes: found "persn", allowed with model nightnet-m: car, person,
      78 | run -c simulated.yaml | found "truck", allowed with model detail-transfer: car, person, bike
      78 | run -c unsegmented.yaml | found "person", allowed with model detail-transfer: none
      78 | run -c taken.yaml | camera demo/infrared: replay:/none.mp4: rate=taken; allowed where
      78 | run -c model.yaml | nowhere/model: built in are nightnet-m,
      78 | run -c none.yaml                            | none.yaml
      """;

  /** A command that runs, or has: most of its time is a JVM's start, on one processor. */
  record Mistake(int code, String command, String message, Future<ExternalProcess.Result> said) {

    static Mistake of(String line) {
      String[] parts = line.split("\\|", -1);
      String command = parts[1].strip();
      String[] words = command.isEmpty() ? new String[0] : command.split(" +", -1);
      Future<ExternalProcess.Result> said = PROCESSORS.submit(() -> Program.run(home, words));
      return new Mistake(Integer.parseInt(parts[0].strip()), command, parts[2].strip(), said);
    }

    @Override
    public String toString() {
      return command;
    }
  }

  static List<Mistake> mistakes() {
    return MISTAKES.lines().map(Mistake::of).toList();
  }

  @ParameterizedTest
  @MethodSource("mistakes")
  void mistake_ofTheUser_isOneClearMessageAndItsCode(Mistake mistake) throws Exception {
    ExternalProcess.Result result = mistake.said.get();
    assertEquals(mistake.code, result.exitCode(), result.toString());
    assertTrue(result.output().contains(mistake.message), result.toString());
    assertFalse(result.output().contains("\tat "), "a stack trace: " + result);
    assertEquals("keep me", Files.readString(home.resolve("there.png")));
    assertFalse(Files.exists(home.resolve("out.png")), "something was written");
  }

  @Test
  void run_portInUse_saysWhich() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      String port = Integer.toString(taken.getLocalPort());
      ExternalProcess.Result result =
          Program.run(home, "demo", "--http-port", "0", "--rtsp-port", port);
      assertEquals(69, result.exitCode(), result.toString());
      assertTrue(result.output().contains(port), result.toString());
      assertFalse(result.output().contains("\tat "), "a stack trace: " + result);
    }
  }

  @Test
  void inspect_thisMachine_listsWhatThereIsAndWhyNot() throws Exception {
    ExternalProcess.Result result = Program.run(home, "inspect");
    assertEquals(0, result.exitCode(), result.toString());
    for (String part :
        List.of(
            "Cameras",
            "simulated:",
            "replay:",
            "Encoders",
            "x264enc",
            "Engines",
            "onnxruntime",
            "detail-transfer")) {
      assertTrue(result.text().contains(part), part + " in " + result);
    }
    assertTrue(
        result
            .text()
            .lines()
            .filter(l -> l.startsWith("  no "))
            .allMatch(l -> l.strip().split(" +", 3).length == 3),
        result.toString());
  }
}
