package dev.nightfuse.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The shape of the sources: small files, plain text, nothing left undone. */
final class SourceShapeTest {

  private static final int MOST_LINES = 600;
  private static final Path ROOT = Path.of(System.getProperty("nightfuse.root", ".."));
  private static final Map<Path, List<String>> SOURCES = new TreeMap<>();

  @BeforeAll
  static void readSources() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
        readSources(module.resolve("src/main/java"));
        readSources(module.resolve("src/test/java"));
      }
    }
  }

  private static void readSources(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".java")).toList()) {
        SOURCES.put(ROOT.relativize(file), Files.readAllLines(file));
      }
    }
  }

  @Test
  void files_all_haveAtMost600Lines() {
    List<Integer> main =
        SOURCES.entrySet().stream()
            .filter(e -> e.getKey().toString().contains("src/main/"))
            .map(e -> e.getValue().size())
            .sorted()
            .toList();
    assertFalse(main.isEmpty(), "no sources under " + ROOT.toAbsolutePath());
    System.out.printf(
        "main sources: %d files, median %d, p95 %d, longest %d lines%n",
        main.size(),
        main.get(main.size() / 2),
        main.get(main.size() * 95 / 100),
        main.get(main.size() - 1));

    List<String> tooLong = new ArrayList<>();
    SOURCES.forEach(
        (file, lines) -> {
          if (lines.size() > MOST_LINES) {
            tooLong.add(file + ": " + lines.size() + " lines");
          }
        });
    assertEquals(List.of(), tooLong);
  }

  @Test
  void lines_ofTheProgram_areAsciiWithoutTabs() {
    // Tests may show other letters: hostile file names are made of them.
    assertEquals(
        List.of(), linesThat("src/main", line -> !line.chars().allMatch(c -> c >= ' ' && c < 127)));
  }

  @Test
  void lines_all_leaveNothingForLater() {
    // Put together here so that this file does not accuse itself.
    Predicate<String> later = line -> line.contains("TO" + "DO") || line.contains("FIX" + "ME");
    assertEquals(List.of(), linesThat("src", later));
  }

  private static List<String> linesThat(String below, Predicate<String> condition) {
    List<String> found = new ArrayList<>();
    SOURCES.forEach(
        (file, lines) -> {
          for (int i = 0; file.toString().contains(below + "/") && i < lines.size(); i++) {
            if (condition.test(lines.get(i))) {
              found.add(file + ":" + (i + 1) + ": " + lines.get(i).strip());
            }
          }
        });
    return found;
  }
}
