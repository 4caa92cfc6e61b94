package dev.nightfuse.training.data;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/**
 * From the class numbers and names of the public data sets to MFNet's nine classes (0 unlabelled, 1
 * car, 2 person, 3 bike, 4 curve, 5 car_stop, 6 guardrail, 7 color_cone, 8 bump). What has no place
 * there and is not background either becomes {@link TrainingSample#IGNORE}.
 */
enum LabelMapping {
  /** MFNet and MSRS: the nine classes themselves. */
  MFNET(0, 1, 2, 3, 4, 5, 6, 7, 8),

  /** Background, fire extinguisher, backpack, hand drill, survivor. */
  PST900(0, 255, 255, 255, 2),

  /**
   * Unlabelled, road, sidewalk, building, lamp, sign, vegetation, sky, person, car, truck, bus,
   * motorcycle, bicycle, pole. MFNet calls lorries and buses cars; what it does with motorcycles is
   * not known.
   */
  FMB(255, 0, 0, 0, 0, 0, 0, 0, 2, 1, 1, 1, 255, 3, 0);

  /** Names in box files, lower case. */
  private static final Map<String, Integer> NAMES =
      Map.of(
          "person",
          2,
          "people",
          2,
          "pedestrian",
          2,
          "car",
          1,
          "bus",
          1,
          "truck",
          1,
          "bicycle",
          3,
          "bike",
          3);

  @SuppressWarnings("ImmutableEnumChecker") // Written by the constructor only and never handed out.
  private final byte[] table = new byte[256];

  LabelMapping(int... classes) {
    Arrays.fill(table, (byte) TrainingSample.IGNORE);
    for (int i = 0; i < classes.length; i++) {
      table[i] = (byte) classes[i];
    }
  }

  byte[] map(byte[] labels) {
    byte[] mapped = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      mapped[i] = table[labels[i] & 0xff];
    }
    return mapped;
  }

  /** The class of a name, or {@link TrainingSample#IGNORE}. */
  static int ofName(String name) {
    return NAMES.getOrDefault(name.strip().toLowerCase(Locale.ROOT), TrainingSample.IGNORE);
  }
}
