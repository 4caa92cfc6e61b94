package dev.nightfuse.app;

import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.engine.quality.PixelBox;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/**
 * The files of {@code nightfuse evaluate}: pairs in {@code visible/} and {@code infrared/}, label
 * maps, and boxes. Labels and boxes may be there for some of the pairs only. Class names are those
 * of MFNet, numbers in box files those of MSRS, unless a {@code classes.txt} lists others.
 */
final class EvaluateDataset {

  private static final List<String> YOLO_CLASSES = List.of("person", "bicycle", "car");
  private static final String CLASS_LIST = "classes.txt";

  /**
   * A folder of label maps.
   *
   * @param predicted whether the labels were made by networks and not by people
   */
  record LabelSet(Path folder, boolean predicted) {
    String name() {
      return String.valueOf(folder.getFileName());
    }
  }

  private final Path folder;
  private final List<ImagePairs.Pair> pairs;
  private final int total;
  private final List<LabelSet> labelSets = new ArrayList<>();
  private final List<String> classes;
  private final List<Integer> boxClasses = new ArrayList<>();

  /**
   * @param limit most pairs, spread evenly over the names; 0 for all
   */
  EvaluateDataset(Path folder, int limit) throws UserErrorException {
    this.folder = folder.toAbsolutePath().normalize();
    for (Path needed : List.of(folder, folder.resolve("visible"), folder.resolve("infrared"))) {
      if (!Files.isDirectory(needed)) {
        throw new UserErrorException(
            ExitCode.NO_INPUT,
            "dataset %s: there is no folder %s; needed are visible/ and infrared/, welcome boxes/, labels/ and pseudo_labels/"
                .formatted(folder, needed));
      }
    }
    List<ImagePairs.Pair> all =
        ImagePairs.ofFolders(folder.resolve("visible"), folder.resolve("infrared"));
    total = all.size();
    pairs = limit == 0 || limit >= total ? all : spread(all, limit);
    List<String> names = MfNet.CLASSES;
    for (LabelSet set :
        List.of(
            new LabelSet(folder.resolve("labels"), false),
            new LabelSet(folder.resolve("pseudo_labels"), true))) {
      if (Files.isDirectory(set.folder)) {
        labelSets.add(set);
        names = listed(set.folder, names);
      }
    }
    classes = names;
    if (Files.isDirectory(boxFolder())) {
      for (String name : listed(boxFolder(), YOLO_CLASSES)) {
        int id = classes.indexOf(name);
        boxClasses.add(id < 0 && name.equals("bicycle") ? classes.indexOf("bike") : id);
      }
    }
  }

  private static List<ImagePairs.Pair> spread(List<ImagePairs.Pair> all, int limit) {
    List<ImagePairs.Pair> chosen = new ArrayList<>();
    for (int i = 0; i < limit; i++) {
      chosen.add(all.get((int) ((long) i * all.size() / limit)));
    }
    return chosen;
  }

  /** Names of a {@code classes.txt}, one per line, or the usual ones. */
  private static List<String> listed(Path folder, List<String> usual) throws UserErrorException {
    Path file = folder.resolve(CLASS_LIST);
    if (!Files.exists(file)) {
      return usual;
    }
    // Some lists number their lines, as MSRS's does.
    return lines(file).stream()
        .map(line -> line.strip().replaceFirst("^\\d+\\s+", ""))
        .filter(line -> !line.isEmpty())
        .toList();
  }

  private static List<String> lines(Path file) throws UserErrorException {
    try {
      return Files.readAllLines(file);
    } catch (IOException e) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, "%s cannot be read: %s".formatted(file, e.getMessage()));
    }
  }

  String name() {
    return String.valueOf(folder.getFileName());
  }

  List<ImagePairs.Pair> pairs() {
    return pairs;
  }

  /** Pairs in the folder, chosen or not. */
  int total() {
    return total;
  }

  List<LabelSet> labelSets() {
    return labelSets;
  }

  /** Class names by label value. */
  List<String> classes() {
    return classes;
  }

  /** Classes that boxes are drawn around, as label values, without doubles. */
  List<Integer> boxClasses() {
    return boxClasses.stream().filter(id -> id >= 0).distinct().toList();
  }

  private Path boxFolder() {
    return folder.resolve("boxes");
  }

  /**
   * The label map of a pair, or null when there is none.
   *
   * @throws UserErrorException when the file is no map of one label per pixel, or of another size
   */
  byte @Nullable [] labels(LabelSet set, String pair, int widthPx, int heightPx)
      throws UserErrorException {
    Path file = set.folder.resolve(pair + ".png");
    if (!Files.exists(file)) {
      return null;
    }
    BufferedImage image;
    try {
      image = ImageIO.read(file.toFile());
    } catch (IOException | RuntimeException e) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, "label map %s cannot be read: %s".formatted(file, e.getMessage()));
    }
    if (image == null || image.getRaster().getNumBands() != 1) {
      throw new UserErrorException(
          ExitCode.NO_INPUT, "label map %s is not a PNG with one label per pixel".formatted(file));
    }
    if (image.getWidth() != widthPx || image.getHeight() != heightPx) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "label map %s is %d x %d, its pictures are %d x %d"
              .formatted(file, image.getWidth(), image.getHeight(), widthPx, heightPx));
    }
    byte[] labels = new byte[widthPx * heightPx];
    for (int i = 0; i < labels.length; i++) {
      // The raster holds the labels themselves, whatever colours a palette gives them.
      int label = image.getRaster().getSample(i % widthPx, i / widthPx, 0);
      if (label >= classes.size() && label != 255) {
        throw new UserErrorException(
            ExitCode.NO_INPUT,
            "label map %s holds label %d; allowed are 0 to %d and 255 for pixels that do not count"
                .formatted(file, label, classes.size() - 1));
      }
      labels[i] = (byte) label;
    }
    return labels;
  }

  /**
   * The boxes of a pair by class, or null when nobody annotated it.
   *
   * @throws UserErrorException when a line is not {@code class x y width height} in shares
   */
  @Nullable Map<Integer, List<PixelBox>> boxes(String pair, int widthPx, int heightPx)
      throws UserErrorException {
    Path file = boxFolder().resolve(pair + ".txt");
    if (!Files.exists(file)) {
      return null;
    }
    Map<Integer, List<PixelBox>> boxes = new TreeMap<>();
    boxClasses().forEach(id -> boxes.put(id, new ArrayList<>()));
    int number = 0;
    for (String line : lines(file)) {
      number++;
      if (line.isBlank()) {
        continue;
      }
      String[] fields = line.strip().split("\\s+", -1);
      try {
        int id = boxClasses.get(Integer.parseInt(fields[0]));
        PixelBox box =
            PixelBox.ofShares(
                Double.parseDouble(fields[1]),
                Double.parseDouble(fields[2]),
                Double.parseDouble(fields[3]),
                Double.parseDouble(fields[4]),
                widthPx,
                heightPx);
        if (id >= 0) {
          boxes.computeIfAbsent(id, unused -> new ArrayList<>()).add(box);
        }
      } catch (NumberFormatException | IndexOutOfBoundsException e) {
        throw new UserErrorException(
            ExitCode.NO_INPUT,
            "%s line %d: \"%s\" is not a class (0 to %d) and a box (centre x, y, width, height in shares)"
                .formatted(file, number, line.strip(), boxClasses.size() - 1));
      }
    }
    return boxes;
  }
}
