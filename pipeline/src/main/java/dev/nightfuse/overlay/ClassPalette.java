package dev.nightfuse.overlay;

import dev.nightfuse.frame.GroundTruth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The colour of each class, the same on the picture and in every legend. The nine MFNet classes
 * have their own colours by name; other classes get colours that stay the same from run to run.
 */
public final class ClassPalette {

  private static final Map<String, Integer> NAMED =
      Map.of(
          "car", 0x3d8bff,
          "person", 0xff3b30,
          "bike", 0xffd60a,
          "curve", 0x00c7a3,
          "car_stop", 0xbf5af2,
          "guardrail", 0xff9f0a,
          "color_cone", 0xff5fa8,
          "bump", 0x8fd14f);

  /** Colours for classes without a known name, taken in turn. */
  private static final int[] OTHERS = {
    0x64d2ff, 0xffb3a7, 0x30d158, 0xd0a2ff, 0xe8e070, 0xa2845e, 0x4fd8c4, 0xf29bd0
  };

  /**
   * One class.
   *
   * @param id label value
   * @param name name of the class
   * @param rgb 0xRRGGBB
   */
  public record Entry(int id, String name, int rgb) {

    /** For style sheets: {@code #3d8bff}. */
    public String hex() {
      return "#%06x".formatted(rgb);
    }
  }

  private final List<Entry> entries;

  private ClassPalette(List<Entry> entries) {
    this.entries = List.copyOf(entries);
  }

  /** For the classes of a model, by label value; the first one is what has no class. */
  public static ClassPalette of(List<String> classes) {
    List<Entry> entries = new ArrayList<>();
    for (int id = 1; id < classes.size(); id++) {
      String name = classes.get(id);
      Integer named = NAMED.get(name);
      int rgb = named != null ? named : OTHERS[(id - 1) % OTHERS.length];
      entries.add(new Entry(id, name, rgb));
    }
    return new ClassPalette(entries);
  }

  public static ClassPalette mfnet() {
    return of(GroundTruth.CLASSES);
  }

  /** All classes but the first, in the order of their ids. */
  public List<Entry> entries() {
    return entries;
  }
}
