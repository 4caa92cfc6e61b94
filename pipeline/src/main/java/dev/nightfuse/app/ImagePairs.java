package dev.nightfuse.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Pairs of image files: two files, or two folders whose files belong together by name. */
final class ImagePairs {

  private static final Set<String> EXTENSIONS =
      Set.of("png", "jpg", "jpeg", "tif", "tiff", "bmp", "gif");
  private static final int LISTED = 5;

  /** One pair; {@code name} is the visible file's, without extension. */
  record Pair(String name, Path visible, Path infrared) {}

  private ImagePairs() {}

  static boolean isImage(Path file) {
    return EXTENSIONS.contains(extension(file));
  }

  static Pair ofFiles(Path visible, Path infrared) {
    return new Pair(stem(visible), visible, infrared);
  }

  /**
   * Pairs of two folders, in the order of their names.
   *
   * @throws UserErrorException when a picture of one folder has no partner in the other; names some
   *     of them
   */
  static List<Pair> ofFolders(Path visibleFolder, Path infraredFolder) throws UserErrorException {
    Map<String, Path> visible = images(visibleFolder);
    Map<String, Path> infrared = images(infraredFolder);
    requirePartners(visible, visibleFolder, infrared, infraredFolder);
    requirePartners(infrared, infraredFolder, visible, visibleFolder);
    List<Pair> pairs = new ArrayList<>();
    visible.forEach(
        (name, file) -> pairs.add(new Pair(name, file, infrared.getOrDefault(name, file))));
    return pairs;
  }

  private static void requirePartners(
      Map<String, Path> these, Path thisFolder, Map<String, Path> others, Path otherFolder)
      throws UserErrorException {
    List<String> alone = these.keySet().stream().filter(name -> !others.containsKey(name)).toList();
    if (!alone.isEmpty()) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "%d of %d pictures in %s have no partner of the same name in %s: %s%s"
              .formatted(
                  alone.size(),
                  these.size(),
                  thisFolder,
                  otherFolder,
                  String.join(", ", alone.subList(0, Math.min(LISTED, alone.size()))),
                  alone.size() > LISTED ? ", ..." : ""));
    }
  }

  private static Map<String, Path> images(Path folder) throws UserErrorException {
    if (!Files.isDirectory(folder)) {
      throw new UserErrorException(ExitCode.NO_INPUT, "there is no folder " + folder);
    }
    Map<String, Path> images = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files.filter(ImagePairs::isPicture)::iterator) {
        Path twin = images.put(stem(file), file);
        if (twin != null) {
          throw new UserErrorException(
              ExitCode.NO_INPUT,
              "%s and %s differ only in their extension".formatted(twin, file.getFileName()));
        }
      }
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, "folder %s cannot be read: %s".formatted(folder, e.getMessage()));
    }
    if (images.isEmpty()) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "folder %s holds no pictures (%s)".formatted(folder, String.join(", ", EXTENSIONS)));
    }
    return images;
  }

  /** Not a folder, and not what other systems lay beside pictures as {@code ._NAME}. */
  private static boolean isPicture(Path file) {
    return isImage(file)
        && Files.isRegularFile(file)
        && !String.valueOf(file.getFileName()).startsWith(".");
  }

  private static String extension(Path file) {
    String name = String.valueOf(file.getFileName());
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  private static String stem(Path file) {
    String name = String.valueOf(file.getFileName());
    int dot = name.lastIndexOf('.');
    return dot > 0 ? name.substring(0, dot) : name;
  }
}
