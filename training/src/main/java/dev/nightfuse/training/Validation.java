package dev.nightfuse.training;

import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.engine.quality.GrayImage;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.engine.quality.Metric;
import dev.nightfuse.engine.quality.PairQuality;
import dev.nightfuse.engine.quality.QualityScores;
import dev.nightfuse.training.data.PairDataset;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.torch.Initialiser;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;

/**
 * How the averaged network does on scenes that it never learns from, by the evaluation's own
 * metrics; a picture of each pair is left in the run's folder.
 *
 * @param means by name, in the order of tables
 */
record Validation(Map<String, Double> means) {

  /** Held-out pairs under the name that the run's file has for their data set. */
  record Named(String title, PairDataset pairs) {}

  /** Pair number {@code i} of so many that are spread evenly. */
  private static TrainingSample load(PairDataset pairs, int i, int count) {
    return pairs.load((int) ((long) i * pairs.size() / Math.min(count, pairs.size())));
  }

  /**
   * @param weights averages of what the stages have asked for so far
   * @param others gives what only the whole network asks for
   */
  static Validation run(
      Recipe.Preview preview,
      Map<String, float[]> weights,
      Initialiser others,
      TorchDevice device,
      List<Named> sets,
      int perSet,
      Path folder,
      long step)
      throws IOException {
    Initialiser averaged =
        (key, shape) -> {
          float[] values = weights.get(key);
          return values == null ? others.values(key, shape) : values;
        };
    Map<String, Double> sums = new LinkedHashMap<>();
    Map<String, Integer> counts = new LinkedHashMap<>();
    LabelAgreement agreement = new LabelAgreement(MfNet.CLASSES.size());
    boolean labelled = false;
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    try (TorchParameters parameters = new TorchParameters(averaged, device)) {
      for (Named set : sets) {
        for (int i = 0; i < Math.min(perSet, set.pairs().size()); i++) {
          TrainingSample sample = load(set.pairs(), i, perSet);
          Recipe.Picture result = result(preview, parameters, sample);
          TrainingSample cut = PreviewSheet.cut(sample, result.widthPx(), result.heightPx());
          PairQuality quality =
              new PairQuality(
                  new GrayImage(cut.widthPx(), cut.heightPx(), cut.infrared()),
                  new GrayImage(cut.widthPx(), cut.heightPx(), PreviewSheet.luma(cut)));
          QualityScores scores =
              quality.measure(new GrayImage(cut.widthPx(), cut.heightPx(), result.fused()));
          for (Metric metric : Metric.values()) {
            String name = set.title() + "/" + metric.label();
            sums.merge(name, scores.get(metric), Double::sum);
            counts.merge(name, 1, Integer::sum);
          }
          if (result.labels() != null && cut.labels() != null) {
            agreement.add(result.labels(), cut.labels());
            labelled = true;
          }
          PreviewSheet.write(
              pictures.resolve("%s-%07d.png".formatted(sample.name(), step)), cut, result);
        }
      }
    }
    Map<String, Double> means = new LinkedHashMap<>();
    sums.forEach((name, sum) -> means.put(name, sum / counts.getOrDefault(name, 1)));
    if (labelled) {
      for (int label = 0; label < MfNet.CLASSES.size(); label++) {
        double iou = agreement.iou(label);
        if (!Double.isNaN(iou)) {
          means.put("IoU-" + MfNet.CLASSES.get(label), iou);
        }
      }
    }
    return new Validation(means);
  }

  @SuppressWarnings("try") // the scope and the guard are there to be closed
  private static Recipe.Picture result(
      Recipe.Preview preview, TorchParameters parameters, TrainingSample sample) {
    try (PointerScope scope = new PointerScope();
        NoGradGuard guard = new NoGradGuard()) {
      return preview.of(parameters, sample);
    }
  }
}
