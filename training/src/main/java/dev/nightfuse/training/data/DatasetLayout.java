package dev.nightfuse.training.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The folders of the public data sets, as published. Pictures of both modalities belong together by
 * name without extension.
 */
public enum DatasetLayout {
  /**
   * {@code visible/ infrared/} and where present {@code labels/}, {@code pseudo_labels/} and {@code
   * boxes/} (YOLO: person, bicycle, car, or as a {@code classes.txt} in it says) or {@code
   * boxes_coco/} (COCO files, as the FLIR pairs have).
   */
  PLAIN("visible", "infrared", "labels pseudo_labels", LabelMapping.MFNET, "boxes boxes_coco"),

  /**
   * Linfeng-Tang/MSRS: {@code vi/ ir/ Segmentation_labels/} in {@code train/} and {@code test/}.
   */
  MSRS("vi", "ir", "Segmentation_labels", LabelMapping.MFNET, null),

  /**
   * The MFNet release ({@code ir_seg_dataset}): {@code images/} holds four-channel PNG, infrared is
   * the fourth; {@code labels/}.
   */
  MFNET("images", "images", "labels", LabelMapping.MFNET, null),

  /** ShreyasSkandanS/pst900_thermal_rgb: {@code rgb/ thermal/ labels/}; a person is a survivor. */
  PST900("rgb", "thermal", "labels", LabelMapping.PST900, null),

  /** JinyuanLiu-CV/SegMiF: {@code Visible/ Infrared/ Label/}. */
  FMB("Visible", "Infrared", "Label", LabelMapping.FMB, null),

  /**
   * JinyuanLiu-CV/TarDAL: {@code Vis/ Ir/}, and {@code Annotation/} (VOC) in the detection part.
   */
  M3FD("Vis", "Ir", "", LabelMapping.MFNET, "Annotation"),

  /**
   * bupt-ai-cz/LLVIP: {@code visible/train}, {@code infrared/train}, {@code Annotations/} (VOC).
   */
  LLVIP("visible/train", "infrared/train", "", LabelMapping.MFNET, "Annotations"),

  /** hanna-xu/RoadScene: {@code crop_LR_visible/ cropinfrared/}. */
  ROADSCENE("crop_LR_visible", "cropinfrared", "", LabelMapping.MFNET, null),

  /**
   * TNO as the fusion repositories hand it on: {@code vi/ ir/} without splits. The original archive
   * has a folder and names of its own for each scene; sort it into two folders first.
   */
  TNO("vi", "ir", "", LabelMapping.MFNET, null);

  private final String visible;
  private final String infrared;

  /** Names of folders, the first that is there goes first; separated by spaces. */
  private final String labels;

  private final LabelMapping mapping;

  /** Names of folders, the first that is there counts; separated by spaces. */
  private final @Nullable String boxes;

  DatasetLayout(
      String visible,
      String infrared,
      String labels,
      LabelMapping mapping,
      @Nullable String boxes) {
    this.visible = visible;
    this.infrared = infrared;
    this.labels = labels;
    this.mapping = mapping;
    this.boxes = boxes;
  }

  /**
   * The layout of a folder: the first whose folders of pictures are there. Folders of splits count
   * ({@code train/} of a release), so hand over the split that is wanted.
   *
   * @throws DataException when none fits; lists what is looked for
   */
  public static DatasetLayout of(Path folder) throws DataException {
    for (DatasetLayout layout : List.of(LLVIP, PLAIN, MSRS, PST900, FMB, M3FD, ROADSCENE, MFNET)) {
      if (layout.fits(folder)) {
        // Without label maps beside them, vi/ and ir/ are anybody's.
        return layout == MSRS && !Files.isDirectory(folder.resolve("Segmentation_labels"))
            ? TNO
            : layout;
      }
    }
    throw new DataException(
        "data set %s has none of the known layouts: %s"
            .formatted(
                folder,
                Arrays.stream(values())
                    .map(l -> "%s (%s/ %s/)".formatted(l.id(), l.visible, l.infrared))
                    .collect(Collectors.joining(", "))));
  }

  /**
   * @throws DataException when there is no such layout; names those that are
   */
  public static DatasetLayout byId(String id) throws DataException {
    for (DatasetLayout layout : values()) {
      if (layout.id().equals(id.toLowerCase(Locale.ROOT))) {
        return layout;
      }
    }
    throw new DataException(
        "layout \"%s\" is not known; allowed: %s"
            .formatted(
                id,
                Arrays.stream(values()).map(DatasetLayout::id).collect(Collectors.joining(", "))));
  }

  /** The name in configuration files. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  private boolean fits(Path folder) {
    return Files.isDirectory(folder.resolve(visible))
        && Files.isDirectory(folder.resolve(infrared))
        && (this != MFNET || Files.isDirectory(folder.resolve("labels")));
  }

  Path visible(Path folder) {
    return folder.resolve(visible);
  }

  /** The same folder as {@link #visible} when one file holds both. */
  Path infrared(Path folder) {
    return folder.resolve(infrared);
  }

  List<Path> labels(Path folder) {
    return labels.isEmpty()
        ? List.of()
        : Arrays.stream(labels.split(" ", -1)).map(folder::resolve).toList();
  }

  /** Whether label maps have MFNet's classes as they are. */
  public boolean inMfNetClasses() {
    return mapping == LabelMapping.MFNET;
  }

  LabelMapping mapping() {
    return mapping;
  }

  @Nullable Path boxes(Path folder) {
    if (boxes != null) {
      for (String name : boxes.split(" ", -1)) {
        if (Files.isDirectory(folder.resolve(name))) {
          return folder.resolve(name);
        }
      }
    }
    return null;
  }
}
