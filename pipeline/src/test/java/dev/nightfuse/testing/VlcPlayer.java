package dev.nightfuse.testing;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/** VLC without a window, keeping every tenth picture that it shows. */
public final class VlcPlayer {

  private VlcPlayer() {}

  /**
   * Plays for some seconds and fails when fewer than two pictures were kept.
   *
   * @param option of VLC, such as {@code --rtsp-tcp}, or empty
   * @param folder for the pictures, and VLC's home
   */
  public static void showPictures(String url, String option, int playS, int timeoutS, Path folder)
      throws IOException, InterruptedException {
    ExternalProcess.require("cvlc");
    ExternalProcess.require("setpriv");
    // Debian 12 builds VLC without its RTSP client.
    Assumptions.assumeTrue(hasRtsp(), "this VLC has no live555 plugin, hence no RTSP");
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxrwxrwx"));
    List<String> command = new ArrayList<>();
    if ("root".equals(System.getProperty("user.name"))) {
      // VLC refuses to run as root.
      command.addAll(List.of("setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"));
    }
    command.addAll(List.of("env", "HOME=" + folder, "cvlc", "--intf", "dummy", "--no-audio"));
    command.addAll(List.of("--vout=vdummy", "--video-filter=scene", "--scene-format=png"));
    command.addAll(List.of("--scene-ratio=10", "--scene-path=" + folder, "--run-time=" + playS));
    if (!option.isEmpty()) {
      command.add(option);
    }
    command.addAll(List.of(url, "vlc://quit"));
    ExternalProcess.Result result = ExternalProcess.run(timeoutS, command.toArray(String[]::new));
    try (Stream<Path> files = Files.list(folder)) {
      assertTrue(files.filter(f -> f.toString().endsWith(".png")).count() >= 2, result::output);
    }
  }

  private static boolean hasRtsp() throws IOException {
    try (Stream<Path> files = Files.walk(Path.of("/usr/lib"), 5)) {
      return files.anyMatch(f -> f.endsWith("liblive555_plugin.so"));
    }
  }
}
