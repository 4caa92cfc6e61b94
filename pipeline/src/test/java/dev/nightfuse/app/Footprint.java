package dev.nightfuse.app;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What a process holds: resident memory, open descriptors, threads; from /proc. */
record Footprint(long residentKib, long descriptors, long threads) {

  static Footprint of(long pid) throws IOException {
    Path folder = Path.of("/proc", Long.toString(pid));
    long residentKib = 0;
    long threads = 0;
    for (String line : Files.readAllLines(folder.resolve("status"))) {
      if (line.startsWith("VmRSS:")) {
        residentKib = Long.parseLong(line.replaceAll("\\D", ""));
      } else if (line.startsWith("Threads:")) {
        threads = Long.parseLong(line.replaceAll("\\D", ""));
      }
    }
    try (Stream<Path> files = Files.list(folder.resolve("fd"))) {
      return new Footprint(residentKib, files.count(), threads);
    }
  }

  /** Fails when this, later, is more than before by more than noise. */
  void assertNotAbove(Footprint before, long toleratedKib, String what) {
    System.out.println(what + ": " + before + " then " + this);
    assertTrue(residentKib - before.residentKib < toleratedKib, what + ": memory grows");
    assertTrue(descriptors <= before.descriptors + 2, what + ": descriptors grow");
    assertTrue(threads <= before.threads + 2, what + ": threads grow");
  }
}
