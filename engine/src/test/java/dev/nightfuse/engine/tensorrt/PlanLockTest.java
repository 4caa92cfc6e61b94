package dev.nightfuse.engine.tensorrt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Locks are between processes, so others are started here. */
final class PlanLockTest {

  private static final int TURNS = 100;

  @TempDir Path folder;
  private Path file;
  private Path counter;
  private final List<Process> children = new ArrayList<>();

  /** Another process: takes the right and adds one, in two steps, as often as it is told to. */
  static final class Child {
    public static void main(String[] args) throws IOException {
      Path file = Path.of(args[0]);
      Path counter = Path.of(args[1]);
      int turns = Integer.parseInt(args[2]);
      System.out.println("ready");
      if (turns == 0) {
        PlanLock held = PlanLock.take(file);
        System.out.println("held");
        System.in.read();
        if (args[3].equals("die")) {
          Runtime.getRuntime().halt(9);
        }
        held.close();
        return;
      }
      System.in.read();
      for (int i = 0; i < turns; i++) {
        PlanLock lock = PlanLock.take(file);
        int before = Integer.parseInt(Files.readString(counter));
        Files.writeString(counter, Integer.toString(before + 1));
        lock.close();
      }
    }
  }

  @BeforeEach
  void files() throws IOException {
    file = folder.resolve("some.plan.lock");
    counter = Files.writeString(folder.resolve("counter"), "0");
  }

  @AfterEach
  void endChildren() throws InterruptedException {
    for (Process child : children) {
      child.destroyForcibly();
      assertTrue(child.waitFor(20, TimeUnit.SECONDS));
    }
  }

  private Process child(int turns, String end) throws IOException {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                Child.class.getName(),
                file.toString(),
                counter.toString(),
                Integer.toString(turns),
                end)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    children.add(child);
    return child;
  }

  private static BufferedReader expect(BufferedReader in, String line) throws IOException {
    assertEquals(line, in.readLine());
    return in;
  }

  private static void goOn(Process child) throws IOException {
    child.getOutputStream().write('\n');
    child.getOutputStream().flush();
  }

  @Test
  void take_manyProcesses_oneAtATimeAndNoFileStays() throws Exception {
    List<Process> all = List.of(child(TURNS, ""), child(TURNS, ""), child(TURNS, ""));
    for (Process child : all) {
      expect(child.inputReader(StandardCharsets.UTF_8), "ready");
    }
    for (Process child : all) {
      goOn(child);
    }
    for (Process child : all) {
      assertTrue(child.waitFor(90, TimeUnit.SECONDS));
      assertEquals(0, child.exitValue());
    }
    assertEquals(3 * TURNS, Integer.parseInt(Files.readString(counter)), "two had it at a time");
    assertFalse(Files.exists(file));
  }

  @Test
  void tryTake_anotherProcessHasIt_isNullUntilItIsGivenUp() throws Exception {
    Process child = child(0, "close");
    expect(expect(child.inputReader(StandardCharsets.UTF_8), "ready"), "held");
    assertNull(PlanLock.tryTake(file));
    assertTrue(Files.exists(file), "still the other's");
    goOn(child);
    assertTrue(child.waitFor(20, TimeUnit.SECONDS));
    assertFalse(Files.exists(file));
    try (PlanLock lock = PlanLock.tryTake(file)) {
      assertNotNull(lock);
    }
    assertFalse(Files.exists(file));
  }

  @Test
  void take_fileOfAProcessThatDied_isTakenOverAndRemoved() throws Exception {
    Process child = child(0, "die");
    expect(expect(child.inputReader(StandardCharsets.UTF_8), "ready"), "held");
    goOn(child);
    assertTrue(child.waitFor(20, TimeUnit.SECONDS));
    assertEquals(9, child.exitValue());
    assertTrue(Files.exists(file), "nobody could remove it");
    PlanLock.take(file).close();
    assertFalse(Files.exists(file));
  }
}
