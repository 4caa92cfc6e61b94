package dev.nightfuse.app;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * The same model in PyTorch on the same card, by {@code engine/tools/torch-bench.py}, where python3
 * and PyTorch are there.
 */
final class TorchComparison {

  static final Path SCRIPT = Path.of("engine", "tools", "torch-bench.py");

  /** Compiling a large network takes minutes for each batch size. */
  private static final long LIMIT_S = 1_800;

  private final String python;
  private final Path script;

  /**
   * @param python name or path of the interpreter
   */
  TorchComparison(String python, Path script) {
    this.python = python;
    this.script = script;
  }

  /** With the script of this program's folder. */
  static TorchComparison ofThisProgram() {
    return new TorchComparison(
        "python3", Path.of(System.getProperty("nightfuse.root", ".")).resolve(SCRIPT));
  }

  /** What the script found; its entry {@code error} says why it found nothing. */
  Map<String, Object> run(Path model, List<Integer> batches, double seconds)
      throws IOException, InterruptedException {
    if (!Files.isReadable(script)) {
      return Map.of("error", script + " is missing");
    }
    Path output = Files.createTempFile("nightfuse-torch-", ".json");
    try {
      Process process =
          new ProcessBuilder(
                  python,
                  "-B",
                  script.toString(),
                  model.toString(),
                  "--batch",
                  batches.stream().map(String::valueOf).collect(Collectors.joining(",")),
                  "--seconds",
                  String.format(Locale.ROOT, "%.2f", seconds))
              .redirectOutput(output.toFile())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!process.waitFor(LIMIT_S, TimeUnit.SECONDS)) {
          return Map.of("error", "no answer after %d s".formatted(LIMIT_S));
        }
      } finally {
        process.destroyForcibly();
      }
      return answer(process.exitValue(), Files.readString(output));
    } catch (IOException e) {
      return Map.of("error", "%s does not run: %s".formatted(python, e.getMessage()));
    } finally {
      Files.deleteIfExists(output);
    }
  }

  /** The most frames in a second that any way of running a batch of this size gave; 0: none. */
  static double best(List<?> rows, int batch) {
    double best = 0;
    for (Object entry : rows) {
      if (entry instanceof Map<?, ?> row
          && Integer.valueOf(batch).equals(row.get("batch"))
          && row.get("frames_per_second") instanceof Number found) {
        best = Math.max(best, found.doubleValue());
      }
    }
    return best;
  }

  /** The last line: compilers print before it. */
  private static Map<String, Object> answer(int exit, String text) throws IOException {
    String[] lines = text.strip().split("\n", -1);
    String last = lines[lines.length - 1];
    return exit == 0 && last.startsWith("{")
        ? new ObjectMapper().readValue(last, new TypeReference<>() {})
        : Map.of("error", "ended with code %d: %s".formatted(exit, last));
  }
}
