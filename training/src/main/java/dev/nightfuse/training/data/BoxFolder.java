package dev.nightfuse.training.data;

import dev.nightfuse.training.data.TrainingSample.Box;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder of boxes drawn by people: a YOLO file ({@code NAME.txt}, classes as {@code classes.txt}
 * lists them) or a VOC file ({@code NAME.xml}) for each picture, or COCO files for many. Immutable.
 */
final class BoxFolder {

  private final Path folder;
  private final List<String> classes;
  private final Map<String, List<Box>> coco = new HashMap<>();

  /**
   * @throws DataException when a list of classes or a COCO file cannot be read
   */
  BoxFolder(Path folder) throws DataException {
    this.folder = folder;
    try (Stream<Path> files = Files.list(folder)) {
      Path list = folder.resolve("classes.txt");
      this.classes = Files.exists(list) ? classes(list) : BoxFile.YOLO_CLASSES;
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        if (file.toString().endsWith(".json")) {
          // Part lists repeat what whole ones say.
          CocoFile.read(file).forEach(coco::putIfAbsent);
        }
      }
    } catch (IOException e) {
      throw new DataException(
          "folder of boxes %s cannot be read: %s".formatted(folder, e.getMessage()));
    }
  }

  private static List<String> classes(Path list) throws IOException {
    // Some lists number their lines.
    return Files.readAllLines(list).stream()
        .filter(line -> !line.isBlank())
        .map(line -> line.strip().replaceFirst("^\\d+\\s+", ""))
        .toList();
  }

  /** Boxes within the picture, or null when nobody looked at it. */
  @Nullable List<Box> of(String name, int widthPx, int heightPx) throws IOException {
    Path yolo = folder.resolve(name + ".txt");
    if (Files.exists(yolo)) {
      return BoxFile.yolo(yolo, classes, widthPx, heightPx);
    }
    Path voc = folder.resolve(name + ".xml");
    if (Files.exists(voc)) {
      return BoxFile.voc(voc, widthPx, heightPx);
    }
    List<Box> listed = coco.get(name);
    return listed == null ? null : BoxFile.within(listed, widthPx, heightPx);
  }
}
