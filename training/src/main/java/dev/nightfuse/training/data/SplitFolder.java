package dev.nightfuse.training.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * A folder in the plain layout with one side of the split of a data set: links to the files, no
 * copies. Label maps come along where they have MFNet's classes, which the plain layout means. The
 * pairs that are held out are for {@code nightfuse evaluate}, the others for {@code nightfuse model
 * calibrate}.
 */
public final class SplitFolder {

  private record Part(Path from, String name) {}

  private SplitFolder() {}

  /**
   * @param wanted by the name of the pair
   * @return how many links were made
   * @throws DataException when one file holds both pictures of a pair, which no link takes apart
   * @throws IOException when a link cannot be made, or something else is in its place
   */
  public static int write(Path dataset, DatasetLayout layout, Path target, Predicate<String> wanted)
      throws DataException, IOException {
    if (layout.visible(dataset).equals(layout.infrared(dataset))) {
      throw new DataException(
          "data set %s: each file of %s holds both pictures of a pair, and links cannot take them apart; write them into visible/ and infrared/ first"
              .formatted(dataset, layout.visible(dataset)));
    }
    List<Part> parts = new ArrayList<>();
    parts.add(new Part(layout.visible(dataset), "visible"));
    parts.add(new Part(layout.infrared(dataset), "infrared"));
    for (Path labels : layout.inMfNetClasses() ? layout.labels(dataset) : List.<Path>of()) {
      parts.add(new Part(labels, kept(labels, "pseudo_labels", "labels")));
    }
    Path boxes = layout.boxes(dataset);
    if (boxes != null) {
      parts.add(new Part(boxes, kept(boxes, "boxes_coco", "boxes")));
    }
    int links = 0;
    for (Part part : parts) {
      if (Files.isDirectory(part.from)) {
        links += link(part.from, target.resolve(part.name), wanted);
      }
    }
    return links;
  }

  private static String kept(Path folder, String special, String usual) {
    return folder.endsWith(special) ? special : usual;
  }

  private static int link(Path from, Path to, Predicate<String> wanted) throws IOException {
    Files.createDirectories(to);
    int links = 0;
    try (Stream<Path> files = Files.list(from)) {
      for (Path file : (Iterable<Path>) files.sorted()::iterator) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        boolean taken =
            name.equals("classes.txt")
                // Boxes of many pictures; those of others do no harm.
                || name.endsWith(".json")
                || (dot > 0 && wanted.test(name.substring(0, dot)));
        Path link = to.resolve(name);
        if (taken && !Files.isSymbolicLink(link)) {
          Files.createSymbolicLink(link, file.toAbsolutePath().normalize());
          links++;
        }
      }
    }
    return links;
  }
}
