package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.quality.BoxTally;
import dev.nightfuse.engine.quality.Components;
import dev.nightfuse.engine.quality.GrayImage;
import dev.nightfuse.engine.quality.LabelAgreement;
import dev.nightfuse.engine.quality.PairQuality;
import dev.nightfuse.engine.quality.PixelBox;
import dev.nightfuse.engine.quality.TrivialFusion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Evaluates pairs one after the other, with its own engines. One thread at a time. */
final class EvaluateWorker implements AutoCloseable {

  /** Overlap that makes a box found. */
  static final double BOX_IOU = 0.5;

  /** Smaller components are noise. */
  static final int LEAST_PIXELS = 30;

  private final EvaluateDataset dataset;
  private final List<EvaluateModel> models;
  private final List<ImageFuser> fusers;

  EvaluateWorker(EvaluateDataset dataset, List<EvaluateModel> models) {
    this.dataset = dataset;
    this.models = models;
    this.fusers = models.stream().map(EvaluateModel::fuser).toList();
  }

  EvaluateResult evaluate(ImagePairs.Pair pair, boolean withPictures)
      throws UserErrorException, EngineException {
    Picture visible = Picture.read(pair.visible());
    Picture infrared = Picture.readThermal(pair.infrared());
    int width = visible.widthPx();
    int height = visible.heightPx();
    PairQuality quality;
    try {
      quality = new PairQuality(infrared.gray(), visible.gray());
    } catch (IllegalArgumentException e) {
      throw new UserErrorException(
          ExitCode.NO_INPUT,
          "%s and %s: %s; evaluation needs aligned pairs of one size"
              .formatted(pair.visible(), pair.infrared(), e.getMessage()));
    }
    List<byte @Nullable []> labels = new ArrayList<>();
    for (EvaluateDataset.LabelSet set : dataset.labelSets()) {
      labels.add(dataset.labels(set, pair.name(), width, height));
    }
    Map<Integer, List<PixelBox>> boxes = dataset.boxes(pair.name(), width, height);
    EvaluatePictures pictures = new EvaluatePictures(withPictures);
    pictures.add("visible", visible.image());
    pictures.add("infrared", infrared.image());
    List<EvaluateResult.Method> methods = new ArrayList<>();
    for (int m = 0; m < models.size(); m++) {
      EvaluateModel model = models.get(m);
      ImageFuser.Fused fused = fusers.get(m).fuseWithPlanes(visible, infrared);
      byte[] found = fused.labels();
      if (found != null) {
        byte[] own = found;
        found = model.translated(own);
        pictures.add(model.name(), fused.picture(), own, model.manifest().palette());
      } else {
        pictures.add(model.name(), fused.picture());
      }
      methods.add(
          new EvaluateResult.Method(
              quality.measure(new GrayImage(width, height, fused.luma())),
              agreements(found, labels),
              found == null || boxes == null ? null : tally(found, boxes, width, height)));
    }
    for (TrivialFusion trivial : TrivialFusion.values()) {
      GrayImage fused = trivial.fuse(infrared.gray(), visible.gray());
      pictures.add(trivial.label(), visible.withLuma(plane(fused), false));
      methods.add(
          new EvaluateResult.Method(quality.measure(fused), agreements(null, labels), null));
    }
    List<@Nullable Map<Integer, BoxTally>> labelBoxes = new ArrayList<>();
    for (byte[] truth : labels) {
      labelBoxes.add(truth == null || boxes == null ? null : tally(truth, boxes, width, height));
    }
    return new EvaluateResult(
        pair.name(), quality.correlationCeiling(), methods, labelBoxes, pictures.files());
  }

  private List<@Nullable LabelAgreement> agreements(
      byte @Nullable [] found, List<byte @Nullable []> labels) {
    List<@Nullable LabelAgreement> agreements = new ArrayList<>();
    for (byte[] truth : labels) {
      LabelAgreement agreement = null;
      if (found != null && truth != null) {
        agreement = new LabelAgreement(dataset.classes().size());
        agreement.add(found, truth);
      }
      agreements.add(agreement);
    }
    return agreements;
  }

  private static Map<Integer, BoxTally> tally(
      byte[] labels, Map<Integer, List<PixelBox>> boxes, int width, int height) {
    Map<Integer, BoxTally> tallies = new TreeMap<>();
    boxes.forEach(
        (id, truth) ->
            tallies.put(
                id,
                BoxTally.of(
                    truth, Components.boxes(labels, width, height, id, LEAST_PIXELS), BOX_IOU)));
    return tallies;
  }

  private static ByteBuffer plane(GrayImage image) {
    ByteBuffer plane = ByteBuffer.allocate(image.widthPx() * image.heightPx());
    for (int i = 0; i < plane.capacity(); i++) {
      plane.put(i, (byte) image.level(i));
    }
    return plane;
  }

  @Override
  public void close() {
    fusers.forEach(ImageFuser::close);
  }
}
