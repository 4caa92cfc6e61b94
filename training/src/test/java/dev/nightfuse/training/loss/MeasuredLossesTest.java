package dev.nightfuse.training.loss;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.quality.GrayImage;
import dev.nightfuse.engine.quality.Metric;
import dev.nightfuse.engine.quality.PairQuality;
import dev.nightfuse.engine.quality.QualityScores;
import dev.nightfuse.training.torch.Natives;
import dev.nightfuse.training.torch.TorchDevice;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.IntBinaryOperator;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Losses that stand for the evaluation's metrics, against the evaluation. */
final class MeasuredLossesTest {

  private static final int SIDE = 96;

  private final byte[] visible = texture(3, 7);
  private final byte[] infrared = texture(5, 29);

  @BeforeAll
  static void natives() {
    Natives.assumeHere();
  }

  @Test
  void correlations_ofARealFusion_areTheEvaluations() {
    byte[] fused = fuse(Math::max);
    QualityScores scores = evaluate(fused);
    assertEquals(
        scores.get(Metric.CC),
        Correlations.withSources(tensor(fused), tensor(visible), tensor(infrared)).item_float(),
        1e-4);
    assertEquals(
        scores.get(Metric.SCD),
        Correlations.ofDifferences(tensor(fused), tensor(visible), tensor(infrared)).item_float(),
        1e-4);
  }

  @Test
  void similarity_ofARealFusion_isNearTheEvaluations() {
    byte[] fused = fuse((a, b) -> (a + b) / 2);
    double sum =
        StructuralSimilarity.of(tensor(fused), tensor(visible)).item_float()
            + StructuralSimilarity.of(tensor(fused), tensor(infrared)).item_float();
    assertEquals(evaluate(fused).get(Metric.SSIM), sum, 0.02);
  }

  @Test
  void fidelityAndEdges_ofBetterAndWorseFusions_areRankedAsTheEvaluationDoes() {
    byte[] best = fuse(Math::max);
    byte[] mean = fuse((a, b) -> (a + b) / 2);
    byte[] flat = fuse((a, b) -> 100 + (a + b) / 16);
    double[] fidelity = {fidelity(best), fidelity(mean), fidelity(flat)};
    double[] edges = {edges(best), edges(mean), edges(flat)};
    QualityScores[] scores = {evaluate(best), evaluate(mean), evaluate(flat)};
    for (int i = 0; i < 2; i++) {
      assertEquals(
          Math.signum(scores[i].get(Metric.VIF) - scores[i + 1].get(Metric.VIF)),
          Math.signum(fidelity[i] - fidelity[i + 1]),
          "fidelity " + i);
      assertEquals(
          Math.signum(scores[i].get(Metric.QABF) - scores[i + 1].get(Metric.QABF)),
          Math.signum(edges[i] - edges[i + 1]),
          "edges " + i);
    }
    assertEquals(scores[0].get(Metric.VIF), fidelity[0], 0.2);
  }

  @Test
  void fidelity_ofThePictureItself_isOne() {
    assertEquals(1, VisualFidelity.of(tensor(visible), tensor(visible)).item_float(), 1e-3);
  }

  @Test
  void losses_ofSeveralPictures_areThoseOfEach() {
    Pictures day =
        new Pictures(tensor(fuse((a, b) -> (a + b) / 2)), tensor(visible), tensor(infrared));
    // A sixteenth of the contrast: in a sum over the batch it would hardly count.
    Pictures night =
        new Pictures(
            tensor(fuse((a, b) -> 10 + a / 32)),
            tensor(fuse((a, b) -> a / 16)),
            tensor(fuse((a, b) -> b / 16)));
    Pictures both =
        new Pictures(
            stack(day.fused, night.fused),
            stack(day.visible, night.visible),
            stack(day.infrared, night.infrared));
    Map<String, Function<Pictures, Tensor>> losses =
        Map.of(
            "similarity", p -> StructuralSimilarity.of(p.fused, p.visible),
            "fidelity", p -> VisualFidelity.of(p.visible, p.fused),
            "edges", p -> EdgeTransfer.of(p.fused, p.visible, p.infrared),
            "entropy", p -> Entropy.of(p.fused),
            "correlation", p -> Correlations.withSources(p.fused, p.visible, p.infrared),
            "differences", p -> Correlations.ofDifferences(p.fused, p.visible, p.infrared));
    losses.forEach(
        (name, loss) ->
            assertArrayEquals(
                new float[] {loss.apply(day).item_float(), loss.apply(night).item_float()},
                TorchDevice.floats(loss.apply(both)),
                1e-4f,
                name));
  }

  /** A white sky that is cold: what the border of the picture is worth must not be an edge. */
  @Test
  void edges_lineAlongTheBorder_isNoGain() {
    byte[] sky = fuse((a, b) -> 220 + a / 16);
    byte[] cold = fuse((a, b) -> 40 + b / 16);
    byte[] even = fuse((a, b) -> 170 + a / 32 + b / 32);
    byte[] line = even.clone();
    for (int x = 0; x < SIDE; x++) {
      line[SIDE + x] = (byte) ((line[SIDE + x] & 0xff) + 36);
    }
    assertTrue(keptEdges(line, sky, cold) < keptEdges(even, sky, cold));
    assertTrue(lostEdges(line, sky, cold) > lostEdges(even, sky, cold));
  }

  private static double keptEdges(byte[] fused, byte[] visible, byte[] infrared) {
    return EdgeTransfer.of(tensor(fused), tensor(visible), tensor(infrared)).item_float();
  }

  private static double lostEdges(byte[] fused, byte[] visible, byte[] infrared) {
    return new FusionLoss(0, 1, 0, FusionLoss.Edges.MAGNITUDE_INSIDE)
        .terms(tensor(fused), tensor(visible), tensor(infrared), null)
        .total()
        .item_float();
  }

  private record Pictures(Tensor fused, Tensor visible, Tensor infrared) {}

  private static Tensor stack(Tensor first, Tensor second) {
    return torch.cat(new TensorVector(first, second), 0);
  }

  @Test
  void entropy_ofEvenAndSingleLevels_isTheMostAndNone() {
    byte[] even = new byte[SIDE * SIDE];
    for (int i = 0; i < even.length; i++) {
      // Every fourth pixel of every fourth row is looked at: 24 x 24 of them.
      even[i] = (byte) ((i / SIDE / 4 * 24 + i % SIDE / 4) * 256 / 576);
    }
    assertEquals(6, Entropy.of(tensor(even)).item_float(), 0.05);
    // A level shares itself out among neighbouring bins.
    assertEquals(1, Entropy.of(tensor(fuse((a, b) -> 100))).item_float(), 0.7);
  }

  @Test
  void balancedCrossEntropy_byHand_weighsRareClassesAndSkipsUnknownPixels() {
    Tensor logits = TorchDevice.CPU.tensor(new float[] {0, 0, 9, 0, 0, 9}, Shape.of(1, 2, 1, 3));
    Tensor labels = TorchDevice.CPU.indices(new byte[] {0, 1, (byte) 255}, Shape.of(1, 1, 3));
    // Two even pixels of ln 2, one of them threefold; the number of labelled pixels plus 1 is 3.
    assertEquals(
        (Math.log(2) + 3 * Math.log(2)) / 3,
        new BalancedCrossEntropy(List.of(1.0, 3.0)).of(logits, labels).item_float(),
        1e-5);
    Tensor unknown = TorchDevice.CPU.indices(new byte[] {-1, -1, -1}, Shape.of(1, 1, 3));
    assertEquals(0, new BalancedCrossEntropy(List.of(1.0, 3.0)).of(logits, unknown).item_float());
  }

  @Test
  void losses_flatPictures_haveFiniteGradients() {
    byte[] flat = fuse((a, b) -> 100);
    Tensor fused = tensor(flat);
    fused.requires_grad_(true);
    Tensor v = tensor(flat);
    Tensor loss =
        Correlations.ofDifferences(fused, v, v)
            .add(Correlations.withSources(fused, v, v))
            .add(StructuralSimilarity.of(fused, v))
            .add(VisualFidelity.of(v, fused))
            .add(EdgeTransfer.of(fused, v, v));
    loss.sum().backward();
    for (float g : TorchDevice.floats(fused.grad())) {
      assertTrue(Float.isFinite(g), "gradient " + g);
    }
  }

  private double fidelity(byte[] fused) {
    return VisualFidelity.of(tensor(visible), tensor(fused)).item_float()
        + VisualFidelity.of(tensor(infrared), tensor(fused)).item_float();
  }

  private double edges(byte[] fused) {
    return keptEdges(fused, visible, infrared);
  }

  private QualityScores evaluate(byte[] fused) {
    return new PairQuality(new GrayImage(SIDE, SIDE, infrared), new GrayImage(SIDE, SIDE, visible))
        .measure(new GrayImage(SIDE, SIDE, fused));
  }

  private static Tensor tensor(byte[] levels) {
    return TorchDevice.CPU.unit(levels, Shape.of(1, 1, SIDE, SIDE));
  }

  private byte[] fuse(IntBinaryOperator how) {
    byte[] fused = new byte[visible.length];
    for (int i = 0; i < fused.length; i++) {
      fused[i] = (byte) how.applyAsInt(visible[i] & 0xff, infrared[i] & 0xff);
    }
    return fused;
  }

  /** Waves, an edge and some noise. */
  private static byte[] texture(int period, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    byte[] levels = new byte[SIDE * SIDE];
    for (int i = 0; i < levels.length; i++) {
      int x = i % SIDE;
      int y = i / SIDE;
      double level = 90 + 40 * Math.sin(x / (double) period) * Math.cos(y / (period + 3.0));
      level += (x + seed > y ? 30 : -20) + random.nextInt(9);
      levels[i] = (byte) Math.round(Math.max(0, Math.min(255, level)));
    }
    return levels;
  }
}
