package dev.nightfuse.app;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where the program finds and keeps files.
 *
 * @param root folder of the installation: {@code configs/} and shipped models
 * @param cache folder for what can be made again
 */
record Places(Path root, Path cache) {

  /**
   * From the launcher's property and the environment; systemd's {@code CacheDirectory=} is
   * respected.
   */
  static Places of(Map<String, String> environment) {
    Path root = Path.of(System.getProperty("nightfuse.root", ".")).toAbsolutePath().normalize();
    String systemd = environment.get("CACHE_DIRECTORY");
    String xdg = environment.get("XDG_CACHE_HOME");
    Path cache;
    if (systemd != null && !systemd.isBlank()) {
      cache = Path.of(systemd.split(":", 2)[0]);
    } else if (xdg != null && xdg.startsWith("/")) {
      cache = Path.of(xdg, "nightfuse");
    } else {
      cache =
          Path.of(
              environment.getOrDefault("HOME", System.getProperty("java.io.tmpdir")),
              ".cache",
              "nightfuse");
    }
    return new Places(root, cache);
  }

  Path config(String name) {
    return root.resolve("configs").resolve(name);
  }

  /** Plans of the GPU backend, built on this machine. */
  Path plans() {
    return cache.resolve("tensorrt");
  }

  Path models() {
    return cache.resolve("models");
  }
}
