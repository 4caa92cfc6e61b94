package dev.nightfuse.engine.tensorrt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The plans that were built on this machine, in one folder. Safe for every thread and for several
 * processes: whoever builds a plan holds its lock, others wait and find it.
 */
final class PlanCache {

  private static final String LOCK = ".lock";

  /** What a build makes on its way: the plan of a process, then the file with its description. */
  private static final Pattern UNFINISHED =
      Pattern.compile("(?<plan>.+\\.plan)(\\.\\d+\\.building|\\.writing|\\.lock)");

  private final Path folder;

  /** Locks that this process has or waits for: a file's lock is the process's, not a thread's. */
  private final Set<String> held = new HashSet<>();

  PlanCache(Path folder) {
    this.folder = folder;
  }

  /**
   * What a look into the cache gave.
   *
   * @param plan the plan; null when there is none for the key
   * @param reason why there is none, in words; empty with a plan
   */
  record Found(@Nullable PlanFile plan, String reason) {}

  /** Looks for a plan of exactly this key. A damaged file counts as none. */
  Found find(PlanKey key) {
    Path file = folder.resolve(key.fileName());
    if (Files.exists(file)) {
      try {
        PlanFile plan = PlanFile.read(file);
        String difference = key.differenceTo(plan.key());
        return difference.isEmpty()
            ? new Found(plan, "")
            : new Found(null, "the plan found is another's: " + difference);
      } catch (IOException e) {
        return new Found(null, "%s %s".formatted(file, e.getMessage()));
      }
    }
    return new Found(null, whyNone(key));
  }

  private String whyNone(PlanKey key) {
    return list().stream()
        .map(PlanFile::key)
        .filter(other -> other.fact("model").equals(key.fact("model")))
        .min(Comparator.comparingInt(key::distance))
        .map(nearest -> "the plan in the cache is for something else: " + key.differenceTo(nearest))
        .orElse("there is none yet for this model");
  }

  /** Keeps a plan. */
  PlanFile keep(PlanKey key, Path plan, long buildSeconds) throws IOException {
    return PlanFile.write(folder.resolve(key.fileName()), key, plan, buildSeconds);
  }

  /** Removes a plan that turned out to be unusable. */
  void discard(PlanKey key) throws IOException {
    Files.deleteIfExists(folder.resolve(key.fileName()));
  }

  /**
   * The right to build the plan of a key, among all threads and processes; waits for it.
   *
   * @throws IOException when the cache cannot be written, or the thread is interrupted meanwhile
   */
  Lock lock(PlanKey key) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    sweep();
    String name = key.fileName() + LOCK;
    synchronized (held) {
      while (!held.add(name)) {
        held.wait();
      }
    }
    PlanLock lock = null;
    try {
      lock = PlanLock.take(folder.resolve(name));
      return new Lock(name, lock);
    } finally {
      if (lock == null) {
        letGo(name);
      }
    }
  }

  private void letGo(String name) {
    synchronized (held) {
      held.remove(name);
      held.notifyAll();
    }
  }

  /** The right to build one plan; also given up by the end of the process. */
  final class Lock {
    private final String name;
    private final PlanLock lock;

    private Lock(String name, PlanLock lock) {
      this.name = name;
      this.lock = lock;
    }

    void release() throws IOException {
      try {
        lock.close();
      } finally {
        letGo(name);
      }
    }
  }

  /** A place for the plan while it is built. */
  Path workFile(PlanKey key) throws IOException {
    return Files.createDirectories(folder)
        .resolve("%s.%d.building".formatted(key.fileName(), ProcessHandle.current().pid()));
  }

  /** Measured kernels of a kind of GPU and a version of TensorRT. */
  Path timingFile(GpuDevice gpu, String version) {
    return folder.resolve(
        "timing-%s-%s.cache".formatted(gpu.kind().replaceAll("[^A-Za-z0-9.]+", "_"), version));
  }

  /** All readable plans, by name. */
  List<PlanFile> list() {
    List<PlanFile> plans = new ArrayList<>();
    for (Path file : files(".plan")) {
      try {
        plans.add(PlanFile.read(file));
      } catch (IOException e) {
        // Not listed, built anew when needed, removed by clean.
      }
    }
    return plans;
  }

  /**
   * Removes plans, and what unfinished or damaged ones left.
   *
   * @param unwanted which readable plans go
   * @return names of the files removed
   */
  List<String> clean(Predicate<PlanFile> unwanted) throws IOException {
    List<String> removed = new ArrayList<>();
    for (Path file : files(".plan")) {
      boolean keep;
      try {
        keep = !unwanted.test(PlanFile.read(file));
      } catch (IOException e) {
        keep = false;
      }
      if (!keep && Files.deleteIfExists(file)) {
        removed.add(file.getFileName().toString());
      }
    }
    sweep();
    return removed;
  }

  /** Removes what builds left that were cut off, where nobody is at the same plan now. */
  private void sweep() throws IOException {
    Map<String, List<Path>> leftByPlan = new TreeMap<>();
    for (Path file : files("")) {
      Matcher name = UNFINISHED.matcher(file.getFileName().toString());
      if (name.matches()) {
        leftByPlan.computeIfAbsent(name.group("plan"), plan -> new ArrayList<>()).add(file);
      }
    }
    for (Map.Entry<String, List<Path>> left : leftByPlan.entrySet()) {
      sweep(left.getKey() + LOCK, left.getValue());
    }
  }

  private void sweep(String name, List<Path> left) throws IOException {
    synchronized (held) {
      if (!held.add(name)) {
        return;
      }
    }
    try (PlanLock lock = PlanLock.tryTake(folder.resolve(name))) {
      if (lock != null) {
        for (Path file : left) {
          Files.deleteIfExists(file);
        }
      }
    } finally {
      letGo(name);
    }
  }

  private List<Path> files(String suffix) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(e -> e.getFileName().toString().endsWith(suffix)).sorted().toList();
    } catch (IOException e) {
      return List.of();
    }
  }
}
