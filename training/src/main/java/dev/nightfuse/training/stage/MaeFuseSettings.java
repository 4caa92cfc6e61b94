package dev.nightfuse.training.stage;

import dev.nightfuse.engine.network.maefuse.MaeFuse;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.torch.TorchParameters;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/**
 * MaeFuse's recipe as the section {@code maefuse} of a file describes it. Which readings are the
 * defaults, and why, is in {@code docs/decisions}.
 */
public final class MaeFuseSettings {

  /** The fusion layer's attention has so many heads, whatever the encoder's. */
  private static final int FUSION_HEADS = 16;

  private final MaeFuse network;
  private final FusionLoss loss;
  private final boolean cfmLocked;
  private final boolean decoderLearns;

  private MaeFuseSettings(
      MaeFuse network, FusionLoss loss, boolean cfmLocked, boolean decoderLearns) {
    this.network = network;
    this.loss = loss;
    this.cfmLocked = cfmLocked;
    this.decoderLearns = decoderLearns;
  }

  public static MaeFuseSettings read(Settings section) {
    MaeFuse published = MaeFuse.published(MaeFuse.Attention.PAPER);
    MaeFuse.Transformer encoder = transformer(section.section("encoder"), published.encoder());
    if (encoder.width() % FUSION_HEADS != 0) {
      section
          .section("encoder")
          .problem(
              "width",
              "%d is not allowed, must be a multiple of %d: the fusion layer's heads"
                  .formatted(encoder.width(), FUSION_HEADS));
    }
    Settings fused = section.section("fusion");
    Reading reading = fused.choice("reading", Reading.PAPER);
    return new MaeFuseSettings(
        new MaeFuse(
            encoder,
            transformer(section.section("decoder"), published.decoder()),
            section.whole("grid", published.grid(), 1, 256),
            section.choice("attention", MaeFuse.Attention.PAPER)),
        FusionLossSettings.read(fused, reading, FusionLoss::maeFuse),
        section.flag("lock-cfm", true),
        section.flag("train-decoder", false));
  }

  private static MaeFuse.Transformer transformer(Settings section, MaeFuse.Transformer usual) {
    int width = section.whole("width", usual.width(), 4, 4096);
    int heads = section.whole("heads", usual.heads(), 1, 256);
    if (width % 4 != 0 || width % heads != 0) {
      section.problem(
          "width",
          "%d is not allowed, must be a multiple of 4 and of its %d heads".formatted(width, heads));
    }
    return new MaeFuse.Transformer(width, section.whole("depth", usual.depth(), 1, 256), heads);
  }

  public MaeFuse network() {
    return network;
  }

  /**
   * The names of stages, in the order of the paper; {@code decoder} is the release's preparation.
   */
  public static String stageNames() {
    return String.join(
        ", ", Arrays.stream(MaeFuseStage.Goal.values()).map(MaeFuseSettings::name).toList());
  }

  /** The stage of a name; empty when there is none such. */
  public Optional<MaeFuseStage> stage(String name, TorchParameters parameters) {
    return Arrays.stream(MaeFuseStage.Goal.values())
        .filter(goal -> name(goal).equals(name))
        .findFirst()
        .map(goal -> new MaeFuseStage(network, parameters, goal, loss, cfmLocked, decoderLearns));
  }

  private static String name(MaeFuseStage.Goal goal) {
    return goal.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
