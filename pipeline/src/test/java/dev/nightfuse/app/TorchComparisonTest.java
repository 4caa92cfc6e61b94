package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With shell scripts in place of the interpreter. */
final class TorchComparisonTest {

  @TempDir Path folder;

  private Map<String, Object> run(String shell) throws Exception {
    Path script = Files.writeString(folder.resolve("bench.py"), "");
    Path python = Files.writeString(folder.resolve("python"), "#!/bin/sh\n" + shell);
    assumeTrue(python.toFile().setExecutable(true));
    return new TorchComparison(python.toString(), script).run(folder, List.of(1, 4), 1.5);
  }

  @Test
  void run_answer_isTheLastLineAndTheModelAndBatchesWereTold() throws Exception {
    Map<String, Object> found =
        run(
            "echo a compiler speaks; echo '{\"torch\": \"2\", \"rows\": "
                + "[{\"mode\": \"eager\", \"batch\": 4, \"frames_per_second\": 12.5},"
                + " {\"mode\": \"compile\", \"batch\": 4, \"frames_per_second\": 20},"
                + " {\"mode\": \"compile\", \"batch\": 1, \"error\": \"no\"}], \"told\": \"'$*'\"}'");
    assertEquals(
        "-B %s %s --batch 1,4 --seconds 1.50".formatted(folder.resolve("bench.py"), folder),
        found.get("told"));
    List<?> rows = (List<?>) found.get("rows");
    assertNotNull(rows);
    assertEquals(20, TorchComparison.best(rows, 4));
    assertEquals(0, TorchComparison.best(rows, 1));
  }

  @Test
  void run_noTorch_saysSo() throws Exception {
    assertEquals(
        Map.of("error", "PyTorch is not installed"),
        run("echo '{\"error\": \"PyTorch is not installed\"}'"));
  }

  @Test
  void run_suddenEnd_saysHow() throws Exception {
    assertEquals(
        Map.of("error", "ended with code 3: half a li"), run("printf 'half a li'; exit 3"));
  }

  @Test
  void run_noInterpreter_saysSo() throws Exception {
    Path script = Files.writeString(folder.resolve("bench.py"), "");
    Object error =
        new TorchComparison(folder.resolve("none").toString(), script)
            .run(folder, List.of(1), 1)
            .get("error");
    assertTrue(String.valueOf(error).contains("does not run"), String.valueOf(error));
  }

  @Test
  void run_noScript_saysSo() throws Exception {
    Path script = folder.resolve("gone.py");
    assertEquals(
        Map.of("error", script + " is missing"),
        new TorchComparison("python3", script).run(folder, List.of(1), 1));
  }

  @Test
  void script_onThisMachine_answersWithFiguresOrAReason() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/python3")), "no python3");
    Map<String, Object> found =
        TorchComparison.ofThisProgram().run(folder.resolve("no model"), List.of(1), 0.1);
    assertTrue(found.containsKey("error"), found.toString());
    assertTrue(!String.valueOf(found.get("error")).contains("ended with code"), found.toString());
  }
}
