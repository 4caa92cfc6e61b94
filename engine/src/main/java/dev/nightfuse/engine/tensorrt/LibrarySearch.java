package dev.nightfuse.engine.tensorrt;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Finds TensorRT's libraries in the usual places: a folder given by the user, Debian's and
 * JetPack's library folders, NVIDIA's archives. Looks only; loads nothing.
 *
 * @param root folder that stands for {@code /}
 * @param architecture as {@code os.arch} names it
 * @param given folder given by the user; empty when none
 */
record LibrarySearch(Path root, String architecture, String given) {

  /** The environment variable that names the user's folder. */
  static final String VARIABLE = "NIGHTFUSE_TENSORRT_DIR";

  static final int MAJOR = 10;

  private static final String RUNTIME = "libnvinfer.so.";
  private static final String PARSER = "libnvonnxparser.so.";
  private static final String BUILDER = "libnvinfer_builder_resource";

  static LibrarySearch ofThisMachine(Map<String, String> environment) {
    return new LibrarySearch(
        Path.of("/"),
        System.getProperty("os.arch", ""),
        environment.getOrDefault(VARIABLE, "").strip());
  }

  /**
   * @throws GpuException when a library is missing or only another major version is there; says
   *     where was looked
   */
  TensorRtFiles find() throws GpuException {
    List<Path> folders = folders();
    for (Path folder : folders) {
      Path runtime = folder.resolve(RUNTIME + MAJOR);
      if (Files.isReadable(runtime)) {
        Path parser = folder.resolve(PARSER + MAJOR);
        if (!Files.isReadable(parser)) {
          throw new GpuException(
              "%s has no %s%d beside %s%d; install TensorRT's ONNX parser"
                  .formatted(folder, PARSER, MAJOR, RUNTIME, MAJOR));
        }
        return new TensorRtFiles(runtime, parser, builderResources(folder));
      }
    }
    String others = otherVersions(folders);
    throw new GpuException(
        others.isEmpty()
            ? "TensorRT is not installed: no %s%d in %s; set %s to its folder"
                .formatted(RUNTIME, MAJOR, join(folders), VARIABLE)
            : "TensorRT %d is needed, found only %s".formatted(MAJOR, others));
  }

  private List<Path> folders() throws GpuException {
    if (!given.isEmpty()) {
      Path folder = root.resolve(given.startsWith("/") ? given.substring(1) : given);
      if (!Files.isDirectory(folder)) {
        throw new GpuException("%s is %s, which is no folder".formatted(VARIABLE, given));
      }
      return List.of(folder, folder.resolve("lib"));
    }
    String machine =
        switch (architecture) {
          case "amd64", "x86_64" -> "x86_64";
          case "aarch64" -> "aarch64";
          default ->
              throw new GpuException(
                  "TensorRT runs on x86-64 and arm64 Linux, not on " + architecture);
        };
    List<Path> folders = new ArrayList<>();
    // JetPack installs like Debian; tegra and nvidia are where its base system keeps the rest.
    folders.add(root.resolve("usr/lib/" + machine + "-linux-gnu"));
    folders.add(root.resolve("usr/lib/" + machine + "-linux-gnu/nvidia"));
    folders.add(root.resolve("usr/lib/" + machine + "-linux-gnu/tegra"));
    folders.add(root.resolve("usr/local/tensorrt/lib"));
    folders.add(root.resolve("opt/tensorrt/lib"));
    folders.add(root.resolve("usr/lib64"));
    folders.add(root.resolve("usr/lib"));
    folders.addAll(versioned(root.resolve("usr/local")));
    folders.addAll(versioned(root.resolve("opt")));
    return folders;
  }

  /** NVIDIA's archives unpack to folders such as {@code TensorRT-10.6.0.26}. */
  private static List<Path> versioned(Path parent) {
    try (Stream<Path> entries = Files.list(parent)) {
      return entries
          .filter(e -> e.getFileName().toString().startsWith("TensorRT-" + MAJOR + "."))
          .sorted()
          .map(e -> e.resolve("lib"))
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  /** Since 10.9 or so one file for each GPU generation, before one for all. */
  private static List<String> builderResources(Path folder) {
    return names(folder, BUILDER);
  }

  private static String otherVersions(List<Path> folders) {
    List<String> found = new ArrayList<>();
    for (Path folder : folders) {
      names(folder, RUNTIME).forEach(name -> found.add(folder.resolve(name).toString()));
    }
    return String.join(", ", found);
  }

  private static List<String> names(Path folder, String prefix) {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .map(e -> e.getFileName().toString())
          .filter(name -> name.startsWith(prefix))
          .sorted()
          .toList();
    } catch (IOException e) {
      return List.of();
    }
  }

  private static String join(List<Path> folders) {
    return String.join(", ", folders.stream().map(Path::toString).toList());
  }
}
