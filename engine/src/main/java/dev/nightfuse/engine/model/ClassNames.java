package dev.nightfuse.engine.model;

import dev.nightfuse.engine.network.peers.MfNet;
import java.util.ArrayList;
import java.util.List;

/**
 * Names and colours of the published label sets, told apart by their size.
 *
 * @param names by label value
 * @param palette 0xRRGGBB, likewise
 */
record ClassNames(List<String> names, List<Integer> palette) {

  private static final ClassNames PST900 =
      new ClassNames(
          List.of("background", "fire-extinguisher", "backpack", "hand-drill", "survivor"),
          List.of(0x000000, 0x0000ff, 0x00ff00, 0xff0000, 0xffffff));

  private static final ClassNames MFNET =
      new ClassNames(
          MfNet.CLASSES,
          List.of(
              0x000000, 0x400080, 0x404000, 0x0080c0, 0x0000c0, 0x808000, 0x404080, 0xc08080,
              0xc04000));

  private static final ClassNames FMB =
      new ClassNames(
          List.of(
              "unlabelled",
              "road",
              "sidewalk",
              "building",
              "traffic lamp",
              "traffic sign",
              "vegetation",
              "sky",
              "person",
              "car",
              "truck",
              "bus",
              "motorcycle",
              "bicycle",
              "pole"),
          List.of(
              0x000000, 0xb3e4e4, 0xb53985, 0x43a2b1, 0xc8b2a4, 0x842dc7, 0x42ac54, 0xb3494f,
              0x4c63a6, 0x4279fd, 0x89a55b, 0x9b6198, 0x699a8c, 0xded79e, 0x877e71));

  /** Any other number gets numbered names and scattered colours. */
  static ClassNames of(int classes) {
    return switch (classes) {
      case 5 -> PST900;
      case 9 -> MFNET;
      case 15 -> FMB;
      default -> numbered(classes);
    };
  }

  private static ClassNames numbered(int classes) {
    List<String> names = new ArrayList<>();
    List<Integer> palette = new ArrayList<>();
    for (int c = 0; c < classes; c++) {
      names.add("class " + c);
      palette.add(c * 0x9e3779 & 0xffffff);
    }
    return new ClassNames(names, palette);
  }
}
