package dev.nightfuse.training.data;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Looks for pairs that would spoil training: files that cannot be read or do not fit one another,
 * pictures that show nothing, pairs whose edges lie apart, copies. Reads every file once. One
 * thread.
 */
public final class DatasetCheck {

  /** Least deviation of a picture's levels. */
  private static final double FLAT = 2;

  /** Greatest share of pixels at the lowest or the highest level. */
  private static final double SATURATED = 0.6;

  private final FolderDataset pairs;

  public DatasetCheck(FolderDataset pairs) {
    this.pairs = pairs;
  }

  /**
   * @param step called after each pair
   * @param found called for each finding, in the order of the pairs
   */
  public void run(Runnable step, Consumer<Finding> found) {
    Map<Long, Path> visibleSeen = new HashMap<>();
    Map<Long, Path> infraredSeen = new HashMap<>();
    for (Path file : pairs.alone()) {
      found.accept(new Finding(Finding.Kind.NO_PARTNER, file, "no picture of the same name"));
    }
    for (int i = 0; i < pairs.size(); i++) {
      FolderDataset.PairFiles files = pairs.files(i);
      try {
        TrainingSample sample = pairs.load(i);
        byte[] luma = PictureFile.luma(sample.visibleRgb());
        List<Finding> findings = new ArrayList<>();
        levels(files.visible(), luma, findings);
        levels(files.infrared(), sample.infrared(), findings);
        boolean showsSomething = findings.isEmpty();
        copies(files.visible(), sample.visibleRgb(), visibleSeen, findings);
        copies(files.infrared(), sample.infrared(), infraredSeen, findings);
        if (showsSomething) {
          alignment(files.infrared(), sample, luma, findings);
        }
        findings.forEach(found);
      } catch (UncheckedIOException e) {
        String reason = String.valueOf(e.getMessage());
        // FolderDataset says "is WxH" of pictures that do not fit.
        boolean sizes = reason.matches("(?s).* is \\d+x\\d+, .*");
        found.accept(
            new Finding(
                sizes ? Finding.Kind.SIZES_DIFFER : Finding.Kind.UNREADABLE,
                files.visible(),
                reason));
      }
      step.run();
    }
  }

  private static void levels(Path file, byte[] levels, List<Finding> findings) {
    long sum = 0;
    long squares = 0;
    long black = 0;
    long white = 0;
    for (byte stored : levels) {
      int level = stored & 0xff;
      sum += level;
      squares += (long) level * level;
      black += level == 0 ? 1 : 0;
      white += level == 255 ? 1 : 0;
    }
    double mean = (double) sum / levels.length;
    double deviation = Math.sqrt(Math.max(0, (double) squares / levels.length - mean * mean));
    double ends = (double) Math.max(black, white) / levels.length;
    if (deviation < FLAT) {
      findings.add(
          new Finding(
              Finding.Kind.FLAT,
              file,
              text("levels deviate by %.2f, less than %.0f", deviation, FLAT)));
    } else if (ends > SATURATED) {
      findings.add(
          new Finding(
              Finding.Kind.SATURATED,
              file,
              text("%.0f %% of the pixels at one end of the levels", 100 * ends)));
    }
  }

  private static void copies(
      Path file, byte[] levels, Map<Long, Path> seen, List<Finding> findings) {
    long hash = levels.length;
    for (byte level : levels) {
      hash = (hash ^ (level & 0xff)) * 0x100000001b3L;
    }
    Path first = seen.putIfAbsent(hash, file);
    if (first != null) {
      findings.add(new Finding(Finding.Kind.DUPLICATE, file, "the same pixels as " + first));
    }
  }

  private static void alignment(
      Path file, TrainingSample sample, byte[] luma, List<Finding> findings) {
    EdgeAlignment edges =
        EdgeAlignment.of(luma, sample.infrared(), sample.widthPx(), sample.heightPx());
    if (edges.apart()) {
      findings.add(
          new Finding(
              Finding.Kind.MISALIGNED,
              file,
              text(
                  "edges agree %.3f in place and %.3f when moved by %d, %d pixels",
                  edges.inPlace(), edges.best(), edges.right(), edges.down())));
    }
  }

  private static String text(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
