package dev.nightfuse.engine.model;

import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.CostOps;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.mafs.Mafs;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * MAFS counted by the rules behind its paper's table.
 *
 * @param operations of everything that reaches one of the eight outputs
 * @param operationsWithoutFusion without the fused picture
 * @param parameters of plain layers that run
 * @param parametersWithoutFusion without the fused picture's decoder
 */
record MafsFigures(
    long operations, long operationsWithoutFusion, long parameters, long parametersWithoutFusion) {

  /** What a counter of plain layers does not see. */
  private static final Pattern UNSEEN =
      Pattern.compile(
          ".*(\\.T_c|\\.gamma|\\.temperature)|.*\\.invconv\\..*|.*\\.norm[12]\\.body\\..*"
              + "|seg_decoder\\.pixel_decoder\\..*");

  /** The paper's own layer norms are no layer that the counter knows. */
  private static final Pattern OWN_NORM = Pattern.compile(".*\\.norm[12]\\.body");

  /** The release forms the whole outer product of the gates and uses one row: C x C per module. */
  private static final long GATES = 64 * 64 + 256 * 256 + 512 * 512 + 1024 * 1024;

  private static final Pattern FUSION_ONLY =
      Pattern.compile("fuse_decoder\\..*|encoder\\.(rec_decoder|SIM2)\\..*");

  static MafsFigures of(ImportOptions options) {
    CostOps ops = new CostOps();
    CostOps.Value visible = ops.input(Shape.of(1, 3, options.heightPx(), options.widthPx()));
    CostOps.Value infrared = ops.input(Shape.of(1, 1, options.heightPx(), options.widthPx()));
    Mafs.Output<CostOps.Value> out = new Mafs(options.classes()).forward(ops, visible, infrared);
    Mafs.Auxiliary<CostOps.Value> aux = out.auxiliary();
    List<CostOps.Value> segmentation =
        List.of(
            out.semantic(), aux.out1(), aux.out2(), aux.out3(), aux.out4(), aux.out5(), aux.out6());
    Cost without = ops.cost(segmentation);
    Cost all =
        ops.cost(
            java.util.stream.Stream.concat(
                    java.util.stream.Stream.of(out.fused()), segmentation.stream())
                .toList());
    return new MafsFigures(
        operations(all), operations(without), parameters(all, false), parameters(all, true));
  }

  static long operations(Cost cost) {
    return GATES + cost.steps().stream().mapToLong(MafsFigures::operations).sum();
  }

  private static long operations(Cost.Step step) {
    long out = step.output().elements();
    return switch (step.op()) {
      case "batchNorm" -> 2 * out;
      case "layerNorm" -> OWN_NORM.matcher(step.name()).matches() ? 0 : 5 * out;
      case "groupNorm", "affineInstanceNorm" -> 5 * out;
      case "instanceNorm", "bilinear" -> 4 * out;
      case "nearest" -> out;
      case "averagePool", "mean" -> step.input().elements();
      default -> step.multiplyAdds();
    };
  }

  private static long parameters(Cost cost, boolean withoutFusion) {
    long sum = NetworkReport.discarded();
    for (Map.Entry<String, Cost.Tensor> tensor : cost.tensors().entrySet()) {
      String key = tensor.getKey();
      boolean counted =
          tensor.getValue().learned()
              && !UNSEEN.matcher(key).matches()
              && !(withoutFusion && FUSION_ONLY.matcher(key).matches());
      sum += counted ? tensor.getValue().shape().elements() : 0;
    }
    return sum;
  }
}
