package dev.nightfuse.app;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.EngineProvider;
import dev.nightfuse.engine.ModelFile;
import dev.nightfuse.engine.model.FormulaModel;
import dev.nightfuse.engine.model.ImportOptions;
import dev.nightfuse.engine.model.ModelImporter;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.engine.model.Network;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The models of a self-test: folders that the user brings, and every network that fuses, in FP16
 * and in FP32, with weights by formula where nobody brings a checkpoint.
 */
final class SelfTestModels {

  private static final int CLASSES = 9;
  private static final String FUSION = "-fusion";

  /** One model to test: a network in one precision, or whatever a name or path stands for. */
  record Wanted(String name, boolean half, boolean generated) {
    String label() {
      return generated ? name + (half ? " fp16" : " fp32") : name;
    }
  }

  private final List<String> names;
  private final int widthPx;
  private final int heightPx;
  private final Path folder;
  private final EngineProvider reference;

  /**
   * @param names networks, {@code NETWORK-fusion}, built-in models or model folders
   * @param folder where generated models are kept
   * @param reference gives the FP32 outputs
   */
  SelfTestModels(
      List<String> names, int widthPx, int heightPx, Path folder, EngineProvider reference) {
    this.names = List.copyOf(names);
    this.widthPx = widthPx;
    this.heightPx = heightPx;
    this.folder = folder;
    this.reference = reference;
  }

  /** What is tested when nothing is said: everything that fuses, small ones first. */
  static List<String> usual() {
    List<String> names = new ArrayList<>();
    names.add(ModelStore.DETAIL_TRANSFER);
    for (Network network : List.of(Network.values())) {
      if (network.fuses() && !network.segments()) {
        names.add(network.id());
      } else if (network.fuses()) {
        names.add(network.id() + FUSION);
        names.add(network.id());
      }
    }
    return names;
  }

  List<Wanted> wanted() {
    List<Wanted> wanted = new ArrayList<>();
    for (String name : names) {
      if (isNetwork(name)) {
        wanted.add(new Wanted(name, true, true));
        wanted.add(new Wanted(name, false, true));
      } else {
        wanted.add(new Wanted(name, false, false));
      }
    }
    return wanted;
  }

  private static boolean isNetwork(String name) {
    return List.of(Network.values()).stream()
        .anyMatch(n -> name.equals(n.id()) || name.equals(n.id() + FUSION));
  }

  ModelFile make(Wanted wanted) throws EngineException, IOException {
    if (!wanted.generated()) {
      return new ModelStore(folder).resolve(wanted.name(), widthPx, heightPx);
    }
    boolean fusion = wanted.name().endsWith(FUSION);
    Network network =
        Network.byId(
            fusion
                ? wanted.name().substring(0, wanted.name().length() - FUSION.length())
                : wanted.name());
    Path made =
        folder.resolve(
            "%s-%dx%d"
                .formatted(wanted.label().replace(' ', '-'), widthPx, heightPx)
                .toLowerCase(Locale.ROOT));
    if (!Files.exists(made)) {
      ImportOptions options =
          ImportOptions.of(network, widthPx, heightPx)
              .withPart(fusion ? ImportOptions.Part.FUSION : ImportOptions.Part.FULL)
              .withClasses(network.segments() ? CLASSES : 0)
              .withHalf(wanted.half());
      FormulaModel.make(options, made, reference, ModelImporter.Listener.SILENT);
    }
    return ModelFile.read(made);
  }
}
