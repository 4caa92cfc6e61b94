package dev.nightfuse.training.data;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which pairs are held out of training. Neighbours in time are near-copies, so whole ranges of
 * numbers are held out, cut where the scene changes: at every cut, the two pictures beside it were
 * looked at, and their 32x24 thumbnails correlate by 0.26 at most.
 *
 * <p>The rule knows two numberings: that of MFNet ({@code 00123D}, {@code 00123N}), which MSRS
 * kept, and that of the FLIR drive ({@code FLIR_01234}), which RoadScene kept. Others hold nothing
 * out.
 */
public final class SceneSplit {

  private static final Pattern MFNET = Pattern.compile("(\\d{5})[DN]");
  private static final Pattern FLIR = Pattern.compile("FLIR_(\\d{5})");

  private record Range(int first, int last) {}

  /** Day, day, night, night, labelled night, labelled day: 58 of the 311 pairs at hand. */
  private static final List<Range> MFNET_RANGES =
      List.of(
          new Range(332, 375),
          new Range(431, 496),
          new Range(862, 910),
          new Range(1028, 1061),
          new Range(1250, 1274),
          new Range(1441, 1458));

  private static final List<Range> FLIR_RANGES =
      List.of(new Range(4850, 5290), new Range(7190, 7650), new Range(8900, 9200));

  private SceneSplit() {}

  /** Whether a pair of this name is held out. */
  public static boolean heldOut(String name) {
    Matcher mfnet = MFNET.matcher(name);
    if (mfnet.matches()) {
      return within(MFNET_RANGES, Integer.parseInt(mfnet.group(1)));
    }
    Matcher flir = FLIR.matcher(name);
    return flir.matches() && within(FLIR_RANGES, Integer.parseInt(flir.group(1)));
  }

  private static boolean within(List<Range> ranges, int number) {
    return ranges.stream().anyMatch(range -> range.first <= number && number <= range.last);
  }

  public static PairDataset training(PairDataset whole) {
    return new Subset(whole, name -> !heldOut(name));
  }

  public static PairDataset validation(PairDataset whole) {
    return new Subset(whole, SceneSplit::heldOut);
  }
}
