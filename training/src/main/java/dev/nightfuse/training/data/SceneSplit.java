package dev.nightfuse.training.data;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which pairs are held out of training, in two folds: a second set of scenes tells whether what was
 * measured on the first is luck. Neighbours in time are near-copies, so whole ranges of numbers are
 * held out, cut where the scene changes: at every cut of the first fold, the two pictures beside it
 * were looked at, and their 32x24 thumbnails correlate by 0.26 at most.
 *
 * <p>So they were at the two cuts of the second fold's own range. After 01435D the drive goes on
 * elsewhere (by 0.02 in visible and 0.07 in infrared with 01441D). Its beginning is no change of
 * scene: 01401D, which is learnt from, shows the gatehouse and the crossing of 01405D and 01409D
 * from further off (0.36 and 0.17 with 01405D). From 01413D on, where the fold's bicycles begin,
 * the place is another one.
 *
 * <p>The rule knows two numberings: that of MFNet ({@code 00123D}, {@code 00123N}; its release has
 * mirrored copies, {@code 00123D_flip}), which MSRS kept, and that of the FLIR drive ({@code
 * FLIR_01234}), which RoadScene kept; and M3SVD's films, whose frames are named {@code
 * 0113_1714-001} or {@code 0113_1714_00001}: one film is held out. Others hold nothing out.
 */
public enum SceneSplit {
  /** Labelled night, labelled day: 58 of the 311 pairs at hand, with the ranges of both folds. */
  FIRST("0113_1714", new Range(1250, 1274), new Range(1441, 1458)),

  /** Labelled day, with rows of parked bicycles: 54 of the 311 pairs. */
  SECOND("0117_1605", new Range(1405, 1435)),

  /** Nothing: for the last steps of what is shipped, after it was measured. */
  NONE("");

  private static final Pattern MFNET = Pattern.compile("(\\d{5})[DN](_flip)?");
  private static final Pattern FLIR = Pattern.compile("FLIR_(\\d{5})");
  private static final Pattern M3SVD = Pattern.compile("(\\d{4}_\\d{4})[-_]\\d+");

  private record Range(int first, int last) {}

  /** Of both folds, without label maps: day, day, night, night. */
  private static final List<Range> MFNET_RANGES =
      List.of(new Range(332, 375), new Range(431, 496), new Range(862, 910), new Range(1028, 1061));

  private static final List<Range> FLIR_RANGES =
      List.of(new Range(4850, 5290), new Range(7190, 7650), new Range(8900, 9200));

  @SuppressWarnings("ImmutableEnumChecker") // An unmodifiable list of records.
  private final List<Range> labelled;

  private final String film;

  SceneSplit(String film, Range... labelled) {
    this.film = film;
    this.labelled = List.of(labelled);
  }

  /** Whether a pair of this name is held out. */
  public boolean heldOut(String name) {
    if (this == NONE) {
      return false;
    }
    Matcher mfnet = MFNET.matcher(name);
    if (mfnet.matches()) {
      int number = Integer.parseInt(mfnet.group(1));
      return within(MFNET_RANGES, number) || within(labelled, number);
    }
    Matcher film = M3SVD.matcher(name);
    if (film.matches()) {
      return film.group(1).equals(this.film);
    }
    Matcher flir = FLIR.matcher(name);
    return flir.matches() && within(FLIR_RANGES, Integer.parseInt(flir.group(1)));
  }

  private static boolean within(List<Range> ranges, int number) {
    return ranges.stream().anyMatch(range -> range.first <= number && number <= range.last);
  }

  public PairDataset training(PairDataset whole) {
    return new Subset(whole, name -> !heldOut(name));
  }

  public PairDataset validation(PairDataset whole) {
    return new Subset(whole, this::heldOut);
  }
}
