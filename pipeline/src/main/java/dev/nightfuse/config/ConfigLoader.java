package dev.nightfuse.config;

import dev.nightfuse.camera.CameraUri;
import java.nio.file.Path;
import java.util.List;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads a configuration file, or gives the built-in defaults. Stateless. */
public final class ConfigLoader {

  private ConfigLoader() {}

  /**
   * Reads, checks and freezes {@code file}. Paths of things to read (calibration, replay) are
   * relative to the file's folder; paths of things to write (recordings) to the working directory.
   *
   * @throws ConfigException with every problem of the file
   */
  public static NightfuseConfig load(Path file) throws ConfigException {
    return parse(file, YamlDocument.readText(file));
  }

  /**
   * Like {@link #load}, with the text at hand.
   *
   * @param file where the text belongs: for messages and relative paths
   */
  public static NightfuseConfig parse(Path file, String text) throws ConfigException {
    Node root = YamlDocument.parse(file.toString(), text);
    Path absolute = file.toAbsolutePath().normalize();
    Path folder = absolute.getParent();
    NightfuseKeys keys =
        new NightfuseKeys(folder == null ? absolute : folder, Path.of("").toAbsolutePath());
    Problems problems = new Problems(file.toString());
    NightfuseConfig config = YamlSection.read(problems, "", 1, root, keys::read);
    problems.throwIfAny();
    return config;
  }

  /** The built-in defaults with one rig of the given cameras. */
  public static NightfuseConfig defaults(String rig, CameraUri visible, CameraUri infrared) {
    try {
      // A rig cannot be read without cameras, so that placeholders are read and then replaced.
      NightfuseConfig config =
          parse(
              Path.of("defaults.yaml"),
              "rigs: [{name: front, visible: {uri: 'a:b'}, infrared: {uri: 'a:b'}}]");
      return config.withRigs(List.of(config.rigs().get(0).withCameras(rig, visible, infrared)));
    } catch (ConfigException e) {
      throw new IllegalStateException("the built-in defaults break their own rules", e);
    }
  }
}
