package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.Conv;
import dev.nightfuse.engine.network.Pool;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.nightnet.NightNet;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.data.FilmClips;
import dev.nightfuse.training.data.TrainingSample;
import dev.nightfuse.training.loss.BalancedCrossEntropy;
import dev.nightfuse.training.loss.ClassOverlap;
import dev.nightfuse.training.loss.Correlations;
import dev.nightfuse.training.loss.Distillation;
import dev.nightfuse.training.loss.EdgeTransfer;
import dev.nightfuse.training.loss.Entropy;
import dev.nightfuse.training.loss.Flicker;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.Imitation;
import dev.nightfuse.training.loss.OhemCrossEntropy;
import dev.nightfuse.training.loss.StructuralSimilarity;
import dev.nightfuse.training.loss.Terms;
import dev.nightfuse.training.loss.VisualFidelity;
import dev.nightfuse.training.torch.TorchOps;
import dev.nightfuse.training.torch.TorchParameters;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.bytedeco.pytorch.GeneratorOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * NightNet's step: the papers' fusion loss, what the evaluation measures where it has a gradient,
 * and what the classes lack at the network's label scale. Pictures without labels teach fusion
 * alone. Or the fused picture is a teacher's, of the pairs and of one more that no camera has seen.
 */
public final class NightNetStage implements Stage {

  /**
   * How much each term counts.
   *
   * @param intensity of the distance from the brighter source
   * @param gradient of the distance from the stronger edge
   * @param similarity of what SSIM lacks
   * @param fidelity of what VIF lacks
   * @param edges of what Qabf lacks
   * @param differences of what SCD lacks
   * @param correlation of what CC lacks
   * @param shades of what the entropy lacks
   * @param classes of the balanced cross-entropy
   * @param overlap of what the classes lack in IoU
   * @param hard of the cross-entropy of hard pixels (OHEM)
   * @param distillation of the distance from the teacher's classes
   * @param restoration of the papers' fusion loss where the network sees patches of one camera
   *     only, after MAFS's stage I
   * @param stability of the flicker, as {@link Flicker} has it, above {@value #QUIET}
   * @param imitation of the distance from the teacher's fused pictures; best where norms are at
   *     rest, because those of a pair that no camera has seen are not what is deployed
   */
  public record Weights(
      double intensity,
      double gradient,
      double similarity,
      double fidelity,
      double edges,
      double differences,
      double correlation,
      double shades,
      double classes,
      double overlap,
      double hard,
      double distillation,
      double restoration,
      double stability,
      double imitation) {

    public static Weights usual() {
      return new Weights(0.2, 4, 1, 8, 8, 0.25, 0.25, 0, 5, 0, 0, 0, 0, 0, 0);
    }

    /** The names of the terms. */
    public static List<String> terms() {
      return Arrays.stream(Weights.class.getRecordComponents())
          .map(RecordComponent::getName)
          .toList();
    }

    /**
     * The usual ones with some replaced.
     *
     * @throws IllegalArgumentException for a name that is no term
     */
    public static Weights of(Map<String, Double> given) {
      Map<String, Double> rest = new LinkedHashMap<>(given);
      Weights u = usual();
      Weights weights =
          new Weights(
              take(rest, "intensity", u.intensity),
              take(rest, "gradient", u.gradient),
              take(rest, "similarity", u.similarity),
              take(rest, "fidelity", u.fidelity),
              take(rest, "edges", u.edges),
              take(rest, "differences", u.differences),
              take(rest, "correlation", u.correlation),
              take(rest, "shades", u.shades),
              take(rest, "classes", u.classes),
              take(rest, "overlap", u.overlap),
              take(rest, "hard", u.hard),
              take(rest, "distillation", u.distillation),
              take(rest, "restoration", u.restoration),
              take(rest, "stability", u.stability),
              take(rest, "imitation", u.imitation));
      if (!rest.isEmpty()) {
        throw new IllegalArgumentException("NightNet's loss has no terms " + rest.keySet());
      }
      return weights;
    }

    private static double take(Map<String, Double> from, String name, double usual) {
      Double given = from.remove(name);
      return given == null ? usual : given;
    }
  }

  private static final double RANGE = 5;
  private static final FusionLoss RESTORED =
      new FusionLoss(1, 1, 0, FusionLoss.Edges.MAGNITUDE_INSIDE);
  private static final Distillation DISTILLATION =
      new Distillation(Distillation.Kind.RELEASED, Distillation.TEMPERATURE);
  private static final double LEVELS = 255;

  /** Somewhat below what is asked for, 1: films that nobody has seen are a little louder. */
  private static final double QUIET = 0.95;

  /** Bits of the entropy that is measured. */
  private static final double MOST_SHADES = 6;

  private static final int CLASSES = MfNet.CLASSES.size();
  private static final float[] CHROMA = {
    -0.168736f, -0.331264f, 0.5f, //
    0.5f, -0.418688f, -0.081312f
  };

  private final NightNet network;
  private final TorchParameters parameters;
  private final Weights weights;
  private final NightNetSettings settings;
  private final BalancedCrossEntropy balanced;
  private final List<Emphasis> emphases;
  private final Predicate<String> learning;
  private final long seed;
  private final NightNetSources sources;

  /**
   * @param learning which parameters learn
   * @param emphases by number of the data set that a pair is of
   * @param seed of the noise, of what is hidden and of pairs that no camera has seen
   * @param sources the caller's
   */
  public NightNetStage(
      NightNet network,
      TorchParameters parameters,
      Weights weights,
      NightNetSettings settings,
      List<Emphasis> emphases,
      Predicate<String> learning,
      long seed,
      NightNetSources sources) {
    this.network = network;
    this.parameters = parameters;
    this.weights = weights;
    this.settings = settings;
    balanced = new BalancedCrossEntropy(settings.classWeights());
    this.emphases = List.copyOf(emphases);
    this.learning = learning;
    this.seed = seed;
    this.sources = sources;
  }

  /** The network on pictures as they are stored, {@code [N, 3, H, W]} and {@code [N, 1, H, W]}. */
  public static NightNet.Output<Tensor> forward(
      NightNet network, TorchOps ops, Tensor visible, Tensor infrared) {
    Tensor chroma =
        ops.averagePool(
            ops.fixedConv(visible, new Conv(2, 1, 1, 0, 1, 1, false), CHROMA), Pool.by(2));
    return network.forward(
        ops, luma(ops, visible), chroma.narrow(1, 0, 1), chroma.narrow(1, 1, 1), infrared, CLASSES);
  }

  private static Tensor luma(TorchOps ops, Tensor visible) {
    return ops.fixedConv(visible, new Conv(1, 1, 1, 0, 1, 1, false), 0.299f, 0.587f, 0.114f);
  }

  @Override
  public Terms loss(PairBatch batch, long step) {
    TorchOps ops = new TorchOps(parameters, true);
    PairBatch seen = settings.noise() > 0 ? noisy(batch, Seeds.mix(seed, step)) : batch;
    NightNet.Output<Tensor> out = forward(network, ops, seen.visible(), seen.infrared());
    Terms terms = new Terms();
    // What is shown ends at black and white; what lies beyond is drawn back.
    Tensor shown = ops.clip(out.fused(), 0, 1);
    terms.add("range", RANGE, torch.l1_loss(out.fused(), shown.detach()));
    long pairs = Math.min(settings.fusionPairs(), shown.size(0));
    Tensor luma = luma(ops, batch.visible().narrow(0, 0, pairs)).detach();
    fusion(
        terms, shown.narrow(0, 0, pairs), luma, batch.infrared().narrow(0, 0, pairs), batch.sets());
    Tensor labels = atLabelScale(atLabelScale(batch.labels(), 1), 2);
    if (weights.classes() > 0) {
      terms.add("classes", weights.classes(), balanced.of(out.logits(), labels));
    }
    if (weights.overlap() > 0) {
      terms.add("overlap", weights.overlap(), ClassOverlap.missing(out.logits(), labels));
    }
    if (weights.hard() > 0) {
      terms.add("hard", weights.hard(), OhemCrossEntropy.standard().of(out.logits(), labels));
    }
    Teacher teacher = sources.classes();
    if (weights.distillation() > 0 && teacher != null) {
      Tensor taught = ops.averagePool(teacher.logits(batch, shown), Pool.by(NightNet.LABEL_SCALE));
      terms.add("distillation", weights.distillation(), DISTILLATION.of(out.logits(), taught));
    }
    if (weights.restoration() > 0) {
      terms.add("restoration", weights.restoration(), restoration(ops, batch, step));
    }
    FilmClips films = sources.films();
    if (weights.stability() > 0 && films != null) {
      terms.add("stability", weights.stability(), flicker(ops, films, step));
    }
    PictureTeacher pictures = sources.pictures();
    if (weights.imitation() > 0 && pictures != null) {
      Tensor seenBefore = Imitation.of(shown, pictures.fused(batch.visible(), batch.infrared()));
      terms.add("imitation", weights.imitation(), seenBefore);
      terms.add("strange", weights.imitation(), strange(ops, pictures, batch, step));
    }
    return terms;
  }

  /**
   * The teacher's picture of what no camera has seen: the first visible picture, the infrared one
   * of any pair, and other tones. What a few hundred pairs do not show, films of other scenes do,
   * and a network draws there what it likes unless it is told.
   */
  private Tensor strange(TorchOps ops, PictureTeacher pictures, PairBatch batch, long step) {
    GeneratorOptional random =
        new GeneratorOptional(torch.make_generator_cpu(Seeds.mix(seed + 1, step)));
    Tensor visible = toned(batch.visible().narrow(0, 0, 1), random);
    long other = Math.floorMod(step, batch.infrared().size(0));
    Tensor infrared = toned(batch.infrared().narrow(0, other, 1), random);
    Tensor taught = pictures.fused(visible, infrared);
    Tensor fused = forward(network, ops, noisy(visible, random), noisy(infrared, random)).fused();
    return Imitation.of(ops.clip(fused, 0, 1), taught);
  }

  /** Another exposure: an exponent of 1/2 to 2, less or more contrast, darker or brighter. */
  private static Tensor toned(Tensor picture, GeneratorOptional random) {
    Tensor dice = torch.rand(new long[] {3}, random);
    double exponent = Math.pow(2, 2 * dice.get(0).item_double() - 1);
    double contrast = 0.3 + dice.get(1).item_double();
    double middle = 0.25 + 0.5 * dice.get(2).item_double();
    return picture
        .pow(new Scalar(exponent))
        .sub(new Scalar(0.5))
        .mul(new Scalar(contrast))
        .add(new Scalar(middle))
        .clamp(new ScalarOptional(new Scalar(0)), new ScalarOptional(new Scalar(1)));
  }

  private Terms restoration(TorchOps ops, PairBatch batch, long step) {
    HiddenPatches left = HiddenPatches.of(batch, Seeds.mix(seed, step));
    Tensor restored = forward(network, ops, left.visible(), left.infrared()).fused();
    return RESTORED.terms(restored, luma(ops, batch.visible()), batch.infrared(), null);
  }

  /** Clips of films, the first frames of all before the second ones. */
  private Tensor flicker(TorchOps ops, FilmClips films, long step) {
    List<TrainingSample> frames = new ArrayList<>();
    for (int i = 0; i < settings.clips(); i++) {
      FilmClips.Clip clip = films.clip(Seeds.mix(seed, step * settings.clips() + i));
      frames.add(i, clip.before());
      frames.add(clip.after());
    }
    PairBatch both = PairBatch.of(frames, parameters.device());
    Tensor fused = ops.clip(forward(network, ops, both.visible(), both.infrared()).fused(), 0, 1);
    Tensor luma = luma(ops, both.visible());
    long clips = settings.clips();
    Tensor ratio =
        Flicker.ratio(
            fused.narrow(0, 0, clips),
            fused.narrow(0, clips, clips),
            new Flicker.Inputs(luma.narrow(0, 0, clips), both.infrared().narrow(0, 0, clips)),
            new Flicker.Inputs(
                luma.narrow(0, clips, clips), both.infrared().narrow(0, clips, clips)));
    return ratio.sub(new Scalar(QUIET)).clamp_min(new Scalar(0)).mean();
  }

  /** Every picture of each camera with as much noise as its own throw says. */
  private PairBatch noisy(PairBatch batch, long chosen) {
    GeneratorOptional random = new GeneratorOptional(torch.make_generator_cpu(chosen));
    return new PairBatch(
        noisy(batch.visible(), random),
        noisy(batch.infrared(), random),
        batch.labels(),
        batch.sets());
  }

  private Tensor noisy(Tensor pictures, GeneratorOptional random) {
    long[] all = {pictures.size(0), pictures.size(1), pictures.size(2), pictures.size(3)};
    Tensor deviations = torch.rand(new long[] {all[0], 1, 1, 1}, random);
    Tensor noise =
        torch.randn(all, random).mul(deviations).mul(new Scalar(settings.noise() / LEVELS));
    return pictures.add(noise.to(pictures.device(), pictures.scalar_type()));
  }

  private void fusion(
      Terms terms, Tensor fused, Tensor visible, Tensor infrared, List<Integer> sets) {
    if (weights.intensity() + weights.gradient() > 0) {
      FusionLoss papers =
          new FusionLoss(
              weights.intensity(), weights.gradient(), 0, FusionLoss.Edges.MAGNITUDE_INSIDE);
      terms.add("papers", 1, papers.terms(fused, visible, infrared, null));
    }
    // Both sources at once: half the calls.
    Tensor sources = torch.cat(new TensorVector(visible, infrared), 0);
    Tensor twice = torch.cat(new TensorVector(fused, fused), 0);
    Measured measured = new Measured(terms, sets);
    measured.add(
        "similarity",
        weights.similarity(),
        () -> ofBoth(StructuralSimilarity.of(twice, sources)),
        1);
    measured.add(
        "fidelity", weights.fidelity(), () -> ofBoth(VisualFidelity.of(sources, twice)), 1);
    measured.add("edges", weights.edges(), () -> EdgeTransfer.of(fused, visible, infrared), 1);
    measured.add(
        "differences",
        weights.differences(),
        () -> Correlations.ofDifferences(fused, visible, infrared),
        2);
    measured.add("shades", weights.shades(), () -> Entropy.of(fused), MOST_SHADES);
    measured.add(
        "correlation",
        weights.correlation(),
        () -> Correlations.withSources(fused, visible, infrared),
        1);
  }

  /** The mean of what the visible and the infrared half of a batch say of each pair. */
  private static Tensor ofBoth(Tensor halves) {
    return halves.reshape(2, halves.size(0) / 2).mean(new long[] {0}, false, null);
  }

  /**
   * Terms that the evaluation measures of each picture and takes the mean of. In a sum over the
   * batch a night with faint edges would hardly count beside a day.
   */
  private final class Measured {

    private final Terms terms;
    private final List<Integer> sets;

    Measured(Terms terms, List<Integer> sets) {
      this.terms = terms;
      this.sets = sets;
    }

    /**
     * @param measure {@code [N]}
     * @param best what it can be at most
     */
    void add(String term, double weight, Supplier<Tensor> measure, double best) {
      if (weight > 0) {
        Tensor missing = measure.get().mul(new Scalar(-1)).add(new Scalar(best));
        terms.add(term, weight, sets.isEmpty() ? missing.mean() : emphasised(term, missing).mean());
      }
    }

    private Tensor emphasised(String term, Tensor missing) {
      float[] factors = new float[Math.toIntExact(missing.size(0))];
      for (int i = 0; i < factors.length; i++) {
        factors[i] = (float) emphases.get(sets.get(i)).of(term);
      }
      return missing.mul(parameters.device().tensor(factors, Shape.of(factors.length)));
    }
  }

  /** The label in the middle of what one of the network's stands for. */
  private static Tensor atLabelScale(Tensor labels, int axis) {
    return labels.slice(
        axis,
        new LongOptional(NightNet.LABEL_SCALE / 2),
        new LongOptional(labels.size(axis)),
        NightNet.LABEL_SCALE);
  }

  @Override
  public boolean learns(String key) {
    return learning.test(key);
  }
}
