package dev.nightfuse.engine.ort;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.Availability;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class OrtProviderTest {

  @TempDir Path empty;

  @Test
  void probe_here_namesTheVersion() {
    Availability here = new OrtProvider().probe();
    assertTrue(here.available(), here.detail());
    assertTrue(here.detail().matches("ONNX Runtime \\d+\\.\\d+\\.\\d+ on the CPU"), here.detail());
  }

  /** A native library loads once per process, so its absence is tried in another one. */
  @Test
  void probe_nativeLibraryMissing_givesTheReasonInsteadOfThrowing() throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-Donnxruntime.native.path=" + empty);
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Probe.class.getName());
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(process.waitFor(60, TimeUnit.SECONDS), "probe hangs");
    assertEquals(0, process.exitValue(), output);
    assertTrue(
        output.contains("false: the native library of ONNX Runtime does not load on"), output);
  }

  /** The other process. */
  static final class Probe {
    public static void main(String[] args) {
      Availability first = new OrtProvider().probe();
      Availability second = new OrtProvider().probe();
      System.out.println((first.available() || second.available()) + ": " + second.detail());
    }
  }
}
