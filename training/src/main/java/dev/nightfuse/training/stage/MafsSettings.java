package dev.nightfuse.training.stage;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.network.mafs.Mafs;
import dev.nightfuse.engine.network.peers.MfNet;
import dev.nightfuse.training.loss.Distillation;
import dev.nightfuse.training.loss.ForegroundLoss;
import dev.nightfuse.training.loss.FusionLoss;
import dev.nightfuse.training.loss.MaskedReconstruction;
import dev.nightfuse.training.loss.OhemCrossEntropy;
import dev.nightfuse.training.loss.Reading;
import dev.nightfuse.training.settings.Settings;
import dev.nightfuse.training.torch.TorchDevice;
import dev.nightfuse.training.torch.TorchParameters;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MAFS's recipe as the section {@code mafs} of a file describes it; both stages read the same
 * section. Its classes are MFNet's, to which label maps of all data sets are brought. Which
 * readings are the defaults, and why, is in {@code docs/decisions}.
 */
public final class MafsSettings {

  private static final double LARGEST_WEIGHT = 1e6;
  private static final Map<String, Mafs.Backbone> BACKBONES =
      Map.of(
          "resnet-152", Mafs.Backbone.RESNET_152,
          "resnet-50", Mafs.Backbone.RESNET_50,
          "resnet-14", Mafs.Backbone.RESNET_14);

  private enum TeacherKind {
    NONE,
    MFNET,
    MAFS
  }

  private record TeacherSettings(TeacherKind kind, Path weights, Mafs.Backbone backbone) {}

  private final Mafs network;
  private final Reading decoders;
  private final MaskedReconstruction restoration;
  private final MafsJoint.Losses losses;
  private final TaskBalance.Settings balance;
  private final @Nullable TeacherSettings teacher;

  private MafsSettings(
      Mafs network,
      Reading decoders,
      MaskedReconstruction restoration,
      MafsJoint.Losses losses,
      TaskBalance.Settings balance,
      @Nullable TeacherSettings teacher) {
    this.network = network;
    this.decoders = decoders;
    this.restoration = restoration;
    this.losses = losses;
    this.balance = balance;
    this.teacher = teacher;
  }

  public static MafsSettings read(Settings section) {
    Mafs network =
        new Mafs(
            MfNet.CLASSES.size(), section.choice("backbone", Mafs.Backbone.RESNET_152, BACKBONES));
    Settings restored = section.section("restoration");
    MaskedReconstruction usual = MaskedReconstruction.of(restored.choice("reading", Reading.PAPER));
    MaskedReconstruction restoration =
        new MaskedReconstruction(
            usual.reading(),
            restored.number("intensity", usual.intensityWeight(), 0, LARGEST_WEIGHT),
            restored.number("gradient", usual.gradientWeight(), 0, LARGEST_WEIGHT));
    return new MafsSettings(
        network,
        restored.choice("decoders", Reading.PAPER),
        restoration,
        losses(section),
        balance(section.section("balance")),
        teacher(section.section("teacher")));
  }

  private static MafsJoint.Losses losses(Settings section) {
    Settings fused = section.section("fusion");
    Reading target = fused.choice("reading", Reading.PAPER);
    FusionLoss fusion = FusionLossSettings.read(fused, target, FusionLoss::mafs);
    Settings hard = section.section("ohem");
    OhemCrossEntropy ohem = OhemCrossEntropy.standard();
    Settings binary = section.section("foreground");
    ForegroundLoss foreground = ForegroundLoss.of(binary.choice("reading", Reading.RELEASED));
    Settings taught = section.section("distillation");
    return new MafsJoint.Losses(
        target,
        fusion,
        new OhemCrossEntropy(
            hard.number("threshold", ohem.threshold(), 0.001, 0.999),
            hard.number("least-share", ohem.leastShare(), 0.0001, 0.9999)),
        new ForegroundLoss(
            foreground.reading(),
            binary.number("background", foreground.backgroundWeight(), 1e-6, LARGEST_WEIGHT),
            binary.number("foreground", foreground.foregroundWeight(), 1e-6, LARGEST_WEIGHT)),
        section.flag("auxiliary", true),
        new Distillation(
            taught.choice("kind", Distillation.Kind.RELEASED),
            taught.number("temperature", Distillation.TEMPERATURE, 0.01, 1000)));
  }

  private static TaskBalance.Settings balance(Settings section) {
    return new TaskBalance.Settings(
        section.choice("strategy", TaskBalance.Strategy.FAIR),
        section.number("alpha", 0.8, -100, 0.999),
        section.number("temperature", 500, 0.001, 1e6));
  }

  private static @Nullable TeacherSettings teacher(Settings section) {
    TeacherKind kind = section.choice("network", TeacherKind.NONE);
    Optional<Path> weights = section.path("weights");
    Mafs.Backbone backbone = section.choice("backbone", Mafs.Backbone.RESNET_152, BACKBONES);
    if (kind == TeacherKind.NONE) {
      return null;
    }
    if (weights.isEmpty()) {
      section.problem("weights", "is missing; the teacher is read from this file");
      return null;
    }
    return new TeacherSettings(kind, weights.get(), backbone);
  }

  public Mafs network() {
    return network;
  }

  /** Stage I. */
  public Stage restoration(TorchParameters parameters, long seed) {
    return new MafsRestoration(network, parameters, decoders, restoration, seed);
  }

  /**
   * Stage II.
   *
   * @param teacher as {@link #openTeacher} gives it; the caller closes it after the run
   */
  public Stage joint(TorchParameters parameters, long seed, @Nullable Teacher teacher) {
    return new MafsJoint(network, parameters, losses, new TaskBalance(balance), seed, teacher);
  }

  /** The teacher that stage II names; null for none. */
  public @Nullable Teacher openTeacher(TorchDevice device) throws EngineException {
    if (teacher == null) {
      return null;
    }
    return switch (teacher.kind) {
      case NONE -> null;
      case MFNET -> NetworkTeacher.mfNet(teacher.weights, device);
      case MAFS ->
          NetworkTeacher.mafs(
              new Mafs(network.classes(), teacher.backbone), teacher.weights, device);
    };
  }
}
