package dev.nightfuse.engine.model;

import dev.nightfuse.engine.network.Cost;
import dev.nightfuse.engine.network.Shape;
import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.engine.network.peers.MfNet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A network in numbers, module by module, with the counting rules and the papers' figures beside
 * them.
 *
 * @param lines the text
 */
public record NetworkReport(List<String> lines) {

  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  /** Modules that the MAFS release runs and whose result it discards: ARM, SFEB2, to_fused_seg. */
  private static final long MAFS_DISCARDED = 754_304 + 56_320 + 147_712;

  private static final int PAPER_CLASSES = 9;

  /** One row: all steps whose parameters share a prefix, and those without any that follow. */
  private static final class Module {
    private Shape output;
    private long parameters;
    private long multiplyAdds;

    Module(Shape output) {
      this.output = output;
    }
  }

  public NetworkReport {
    lines = List.copyOf(lines);
  }

  private static int classes(Network network) {
    if (network.nightNet() != null) {
      return MfNet.CLASSES.size();
    }
    return network.segments() ? PAPER_CLASSES : 0;
  }

  public static NetworkReport of(Network network) {
    int height = network == Network.MAEFUSE ? 640 : 480;
    ImportOptions options =
        ImportOptions.of(network, 640, height)
            .withClasses(classes(network))
            .withBatch(1)
            .withRaw(network.nightNet() == null);
    List<String> lines = new ArrayList<>();
    lines.add("%s: %s".formatted(network.id(), network.summary()));
    lines.add("licence of the published weights: " + network.licence());
    lines.add("");
    Cost cost = FittedWeights.cost(options, Deployment.GRID);
    table(lines, cost, options);
    lines.add("");
    figures(lines, options);
    return new NetworkReport(lines);
  }

  private static void table(List<String> lines, Cost cost, ImportOptions options) {
    lines.add(
        "At %dx%d%s, batch 1, multiply-adds of convolutions and matrix products:"
            .formatted(
                options.widthPx(),
                options.heightPx(),
                options.classes() > 0 ? ", " + options.classes() + " classes" : ""));
    lines.add(row("module", "largest output", "parameters", "GMAC"));
    Map<String, Module> modules = new LinkedHashMap<>();
    String current = "input";
    for (Cost.Step step : cost.steps()) {
      if (!step.name().isEmpty()) {
        current = module(step.name());
      }
      Module module = modules.computeIfAbsent(current, m -> new Module(step.output()));
      if (step.output().elements() > module.output.elements()) {
        module.output = step.output();
      }
      module.multiplyAdds += step.multiplyAdds();
    }
    cost.tensors()
        .forEach(
            (key, tensor) -> {
              Module module = modules.get(module(key));
              if (module != null && tensor.learned()) {
                module.parameters += tensor.shape().elements();
              }
            });
    modules.forEach(
        (name, m) -> {
          if (m.parameters + m.multiplyAdds > 0) {
            lines.add(
                row(
                    name,
                    m.output.toString(),
                    String.format(Locale.ROOT, "%,d", m.parameters),
                    giga(m.multiplyAdds)));
          }
        });
    lines.add(
        row(
            "all",
            "",
            String.format(Locale.ROOT, "%,d", cost.parameters()),
            giga(cost.multiplyAdds())));
  }

  private static void figures(List<String> lines, ImportOptions options) {
    switch (options.network()) {
      case MAFS -> mafs(lines, options);
      case MAEFUSE -> {
        // The position tables count as parameters; CFM and two thirds of MFM's projection are
        // inert in the released reading and in the checkpoint all the same.
        Cost all =
            FittedWeights.cost(
                options.withClasses(0).withAttention(MaeFuse.Attention.PAPER), Deployment.GRID);
        lines.add(
            String.format(
                Locale.ROOT,
                "parameters of the checkpoint: %.1f M (specification 337.5 M): every stored value, position tables included",
                all.parameters() / MEGA));
      }
      case NIGHTNET_S, NIGHTNET_M ->
          lines.add("measured speed and quality: docs/models/nightnet.md");
      case SEAFUSION ->
          lines.add(
              "specification: 51.0 G at 640x480; 166,883 learnable values of which 226 are never used");
      case MFNET -> lines.add("specification: 8.30 G at 640x480; 736,275 learnable values");
    }
    if (options.network() != Network.MAFS) {
      lines.add("rule: one multiply-add counts 1; norms, activations and resizing count 0");
    }
  }

  /** The paper's table counts everything that reaches one of the eight outputs. */
  private static void mafs(List<String> lines, ImportOptions options) {
    MafsFigures figures = MafsFigures.of(options);
    lines.add("The paper's figures (640x480, 9 classes), counted as the paper did:");
    lines.add(
        String.format(
            Locale.ROOT,
            "  MAFS    %.3f G (paper 324.22 G)   %.3f M (paper 128.69 M)",
            figures.operations() / GIGA,
            figures.parameters() / MEGA));
    lines.add(
        String.format(
            Locale.ROOT,
            "  MAFS-S  %.3f G (paper 221.08 G)   %.3f M (paper 128.41 M)",
            figures.operationsWithoutFusion() / GIGA,
            figures.parametersWithoutFusion() / MEGA));
    lines.add(
        "  operations (as fvcore counts): multiply-add 1; batch norm 2 an element; group, layer and");
    lines.add(
        "    affine instance norm 5; plain instance norm 4; bilinear 4 an output element, nearest 1;");
    lines.add(
        "    average pooling 1 an input element; auxiliary outputs and whole gate products included,");
    lines.add("    dead branches and the network's own norms (norm1.body, norm2.body) not");
    lines.add(
        "  parameters (as thop counts): layers of plain PyTorch that run, %,d discarded ones included;"
            .formatted(MAFS_DISCARDED));
    lines.add(
        "    not the pyramid (detectron2 layers), single tensors (T_c, gamma, temperature, flow) and own norms");
    lines.add("  MAFS-S: without fuse_decoder, rec_decoder, SIM2 (operations: and low_fuse1)");
  }

  static long discarded() {
    return MAFS_DISCARDED;
  }

  /** The first two parts of a key. */
  private static String module(String key) {
    String[] parts = key.split("\\.", -1);
    return String.join(".", Arrays.copyOf(parts, Math.min(parts.length, 2)));
  }

  private static String row(String module, String output, String parameters, String work) {
    return String.format(Locale.ROOT, "  %-34s %-20s %14s %10s", module, output, parameters, work);
  }

  private static String giga(long multiplyAdds) {
    return String.format(Locale.ROOT, "%.3f", multiplyAdds / GIGA);
  }
}
