package dev.nightfuse.training.teacher;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.data.SceneSplit;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.TorchDevice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes soft labels of every pair and refined label maps of those that have boxes and no map of
 * their own. Where there is a map it is compared: the maps of held-out scenes teach nothing here,
 * so their agreement tells how good the refined ones are. What is there already is kept, so a job
 * that was stopped goes on.
 */
public final class LabelJob {

  private static final int CLASSES = MfNet.CLASSES.size();

  private final PairDataset pairs;
  private final PairDataset shapes;
  private final SceneSplit split;
  private final Path soft;
  private final Path refined;

  /**
   * How the maps of the data set agree with what was made.
   *
   * @param teacher with the teacher's likeliest class
   * @param refined with the refined map, where it says something
   * @param compared pairs
   * @param written refined maps that were made
   */
  public record Report(LabelAgreement teacher, LabelAgreement refined, int compared, int written) {}

  /**
   * @param shapes pairs with boxes and maps, which teach how objects fill their boxes; held-out
   *     scenes of them are left out
   * @param split whose training the label maps are for
   * @param soft folder for soft labels
   * @param refined folder for label maps
   */
  public LabelJob(
      PairDataset pairs, PairDataset shapes, SceneSplit split, Path soft, Path refined) {
    this.pairs = pairs;
    this.shapes = shapes;
    this.split = split;
    this.soft = soft;
    this.refined = refined;
  }

  /**
   * @param step called after each pair
   */
  public Report run(Path weights, TorchDevice device, Runnable step)
      throws IOException, EngineException {
    Files.createDirectories(soft);
    Files.createDirectories(refined);
    LabelRefiner refiner =
        new LabelRefiner(new ShapePrior(split.training(shapes), CLASSES), CLASSES);
    LabelAgreement ofTeacher = new LabelAgreement(CLASSES);
    LabelAgreement ofRefined = new LabelAgreement(CLASSES);
    int compared = 0;
    int written = 0;
    try (MfNetTeacher teacher = new MfNetTeacher(weights, device)) {
      for (int i = 0; i < pairs.size(); i++) {
        TrainingSample sample = pairs.load(i);
        if (sample.widthPx() % MfNet.SIZE_MULTIPLE != 0
            || sample.heightPx() % MfNet.SIZE_MULTIPLE != 0) {
          throw new IOException(
              "pair %s is %dx%d; MFNet takes sides that are multiples of %d"
                  .formatted(
                      sample.name(), sample.widthPx(), sample.heightPx(), MfNet.SIZE_MULTIPLE));
        }
        SoftLabels told = told(teacher, sample);
        byte[] labels = sample.labels();
        if (sample.boxes() != null) {
          byte[] map = refiner.refine(sample, told);
          if (labels == null) {
            SoftLabels.writeGrey(
                refined.resolve(sample.name() + ".png"), sample.widthPx(), sample.heightPx(), map);
            written++;
          } else if (split.heldOut(sample.name())) {
            ofTeacher.add(told.likeliest(sample.widthPx(), sample.heightPx()), labels);
            ofRefined.add(known(map), known(labels, map));
            compared++;
          }
        }
        step.run();
      }
    }
    return new Report(ofTeacher, ofRefined, compared, written);
  }

  private SoftLabels told(MfNetTeacher teacher, TrainingSample sample) throws IOException {
    Path file = soft.resolve(sample.name() + ".png");
    SoftLabels kept = SoftLabels.read(file, CLASSES);
    if (kept != null) {
      return kept;
    }
    SoftLabels made =
        SoftLabels.halved(
            teacher.probabilities(sample), CLASSES, sample.widthPx(), sample.heightPx());
    made.write(file);
    return made;
  }

  private static byte[] known(byte[] map) {
    byte[] result = map.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = (map[i] & 0xff) == TrainingSample.IGNORE ? 0 : map[i];
    }
    return result;
  }

  /** The labels, without the pixels of which the map says that they are unknown. */
  private static byte[] known(byte[] labels, byte[] map) {
    byte[] result = labels.clone();
    for (int i = 0; i < result.length; i++) {
      result[i] = (map[i] & 0xff) == TrainingSample.IGNORE ? map[i] : labels[i];
    }
    return result;
  }
}
