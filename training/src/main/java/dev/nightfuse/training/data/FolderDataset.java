package dev.nightfuse.training.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Pairs in the folders of a {@link DatasetLayout}, in the order of their names. Label maps and
 * boxes may be there for some of the pairs only. Reads files on every {@link #load}.
 */
public final class FolderDataset implements PairDataset {

  private static final Set<String> EXTENSIONS =
      Set.of("png", "jpg", "jpeg", "bmp", "gif", "tif", "tiff");

  /** The files of a pair; the pictures are one file when it holds both. */
  record PairFiles(String name, Path visible, Path infrared, @Nullable Path labels) {}

  private final String title;
  private final LabelMapping mapping;
  private final @Nullable BoxFolder boxes;
  private final List<PairFiles> pairs;
  private final List<Path> alone;

  private FolderDataset(
      String title,
      LabelMapping mapping,
      @Nullable BoxFolder boxes,
      List<PairFiles> pairs,
      List<Path> alone) {
    this.title = title;
    this.mapping = mapping;
    this.boxes = boxes;
    this.pairs = List.copyOf(pairs);
    this.alone = List.copyOf(alone);
  }

  /** A folder whose layout is found by its folders. */
  public static FolderDataset open(Path folder) throws DataException {
    return open(folder, DatasetLayout.of(folder), List.of());
  }

  /**
   * @param moreLabels folders of label maps in MFNet's classes that go before the data set's own;
   *     the first that has a map of a pair gives it
   * @throws DataException when folders are missing or hold no pairs
   */
  public static FolderDataset open(Path folder, DatasetLayout layout, List<Path> moreLabels)
      throws DataException {
    Map<String, Path> visible = pictures(layout.visible(folder));
    Map<String, Path> infrared = pictures(layout.infrared(folder));
    List<Map<String, Path>> labels = new ArrayList<>();
    for (Path more : moreLabels) {
      labels.add(pictures(more));
    }
    for (Path own : layout.labels(folder)) {
      labels.add(Files.isDirectory(own) ? pictures(own) : Map.of());
    }
    if (layout.mapping() != LabelMapping.MFNET && !moreLabels.isEmpty()) {
      throw new DataException(
          "data set %s: further label maps go with MFNet's classes only".formatted(folder));
    }
    Path boxes = layout.boxes(folder);
    List<PairFiles> pairs = new ArrayList<>();
    List<Path> alone = new ArrayList<>();
    infrared.forEach(
        (name, file) -> {
          if (!visible.containsKey(name)) {
            alone.add(file);
          }
        });
    for (Map.Entry<String, Path> picture : visible.entrySet()) {
      String name = picture.getKey();
      Path partner = infrared.get(name);
      if (partner == null) {
        alone.add(picture.getValue());
      } else {
        pairs.add(new PairFiles(name, picture.getValue(), partner, first(labels, name)));
      }
    }
    if (pairs.isEmpty()) {
      throw new DataException(
          "data set %s: no picture of %s has a partner of the same name in %s"
              .formatted(folder, layout.visible(folder), layout.infrared(folder)));
    }
    return new FolderDataset(
        String.valueOf(folder.toAbsolutePath().normalize().getFileName()),
        layout.mapping(),
        boxes == null ? null : new BoxFolder(boxes),
        pairs,
        alone);
  }

  private static @Nullable Path first(List<Map<String, Path>> folders, String name) {
    for (Map<String, Path> folder : folders) {
      Path file = folder.get(name);
      if (file != null) {
        return file;
      }
    }
    return null;
  }

  /** Picture files by name without extension; two of one name are refused. */
  static Map<String, Path> pictures(Path folder) throws DataException {
    Map<String, Path> pictures = new TreeMap<>();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : (Iterable<Path>) files::iterator) {
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        // Other systems lay ._NAME beside pictures.
        if (!name.startsWith(".")
            && dot > 0
            && EXTENSIONS.contains(name.substring(dot + 1).toLowerCase(Locale.ROOT))) {
          Path twin = pictures.put(name.substring(0, dot), file);
          if (twin != null) {
            throw new DataException(
                "%s and %s differ only in their extension".formatted(twin, name));
          }
        }
      }
    } catch (IOException e) {
      throw new DataException("folder %s cannot be read: %s".formatted(folder, e.getMessage()));
    }
    return pictures;
  }

  /** The folder's own name, for logs. */
  public String title() {
    return title;
  }

  @Override
  public int size() {
    return pairs.size();
  }

  @Override
  public String name(int index) {
    return pairs.get(index).name();
  }

  /** Pictures without a partner. */
  List<Path> alone() {
    return alone;
  }

  PairFiles files(int index) {
    return pairs.get(index);
  }

  @Override
  public TrainingSample load(int index) {
    try {
      return read(pairs.get(index));
    } catch (IOException e) {
      throw new UncheckedIOException(e.getMessage(), e);
    }
  }

  private TrainingSample read(PairFiles pair) throws IOException {
    PictureFile visible = PictureFile.read(pair.visible());
    byte[] infrared;
    if (pair.infrared().equals(pair.visible())) {
      if (visible.planes().length != 4) {
        throw new IOException(
            "picture %s has %d channels, four are needed: red, green, blue, infrared"
                .formatted(pair.visible(), visible.planes().length));
      }
      infrared = visible.planes()[3];
    } else {
      PictureFile thermal = PictureFile.readThermal(pair.infrared());
      requireSize(pair.infrared(), thermal, pair.visible(), visible);
      infrared = thermal.grey();
    }
    byte[] labels = null;
    if (pair.labels() != null) {
      PictureFile map = PictureFile.readIndices(pair.labels());
      requireSize(pair.labels(), map, pair.visible(), visible);
      labels = mapping.map(map.planes()[0]);
    }
    return new TrainingSample(
        pair.name(),
        visible.widthPx(),
        visible.heightPx(),
        visible.rgb(),
        infrared,
        labels,
        boxes == null ? null : boxes.of(pair.name(), visible.widthPx(), visible.heightPx()));
  }

  private static void requireSize(Path file, PictureFile picture, Path of, PictureFile wanted)
      throws IOException {
    if (picture.widthPx() != wanted.widthPx() || picture.heightPx() != wanted.heightPx()) {
      throw new IOException(
          "picture %s is %dx%d, %s is %dx%d"
              .formatted(
                  file,
                  picture.widthPx(),
                  picture.heightPx(),
                  of,
                  wanted.widthPx(),
                  wanted.heightPx()));
    }
  }
}
