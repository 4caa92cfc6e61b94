package dev.nightfuse.app;

import dev.nightfuse.camera.CameraUri;
import dev.nightfuse.config.ConfigLoader;
import dev.nightfuse.config.EngineConfig;
import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.ModelManifest;
import dev.nightfuse.engine.model.ModelStore;
import dev.nightfuse.registration.Alignment;
import java.util.ArrayList;
import java.util.List;

/**
 * A model that is evaluated, and what its labels mean in the data set's numbers.
 *
 * @param name its name in tables
 * @param labelOf the data set's label for each of the model's; empty when it does not segment
 */
record EvaluateModel(String name, ModelManifest manifest, Engines engines, List<Integer> labelOf) {

  EvaluateModel {
    labelOf = List.copyOf(labelOf);
  }

  /**
   * @param model a built-in model, or a model's folder
   * @throws UserErrorException when the engine is not available, or the classes of the model are
   *     not those of the labels it would be compared with
   */
  private static EvaluateModel open(
      String model, EngineConfig usual, ModelStore models, List<String> classes)
      throws UserErrorException, EngineException {
    // Pairs run side by side, so one thread each is what uses the cores best.
    EngineConfig config =
        new EngineConfig(usual.backend(), model, usual.fallback(), 1, usual.batchWaitMs());
    Engines engines = Engines.forPictures(config, models, Nightfuse.engineProviders());
    engines.check();
    // Any size will do to read what the model declares.
    ModelManifest manifest = models.resolveForPictures(model, 640, 480).manifest();
    for (String name : manifest.classes()) {
      if (manifest.classes().indexOf(name) > 0 && !classes.contains(name)) {
        throw new UserErrorException(
            ExitCode.USAGE,
            "model %s knows class \"%s\", the data set does not; it has %s"
                .formatted(model, name, String.join(", ", classes)));
      }
    }
    // Label 0 is the background, whatever its name.
    List<Integer> labelOf =
        manifest.classes().stream().map(name -> Math.max(0, classes.indexOf(name))).toList();
    return new EvaluateModel(manifest.name(), manifest, engines, labelOf);
  }

  /**
   * Models side by side, with the default settings of the engine. Two of the same name are told
   * apart by what was asked for.
   *
   * @param classes what the labels are compared with
   */
  static List<EvaluateModel> openAll(List<String> names, List<String> classes) throws Exception {
    // The address of a camera that is never opened: the defaults of the engine are wanted.
    CameraUri unused = CameraUri.parse("simulated:night");
    EngineConfig usual = ConfigLoader.defaults("models", unused, unused).engine();
    ModelStore store = Nightfuse.models(Places.of(System.getenv()));
    List<EvaluateModel> models = new ArrayList<>();
    for (String name : names) {
      EvaluateModel model = open(name, usual, store, classes);
      boolean taken = models.stream().anyMatch(other -> other.name().equals(model.name()));
      models.add(taken ? model.named(name) : model);
    }
    return models;
  }

  private EvaluateModel named(String other) {
    return new EvaluateModel(other, manifest, engines, labelOf);
  }

  ImageFuser fuser() {
    return new ImageFuser(engines, manifest, Alignment.sameFieldOfView());
  }

  /**
   * A label map of the model in the data set's labels.
   *
   * @throws UserErrorException when the graph gives a label that {@code model.yaml} does not name
   */
  byte[] translated(byte[] labels) throws UserErrorException {
    byte[] result = new byte[labels.length];
    for (int i = 0; i < labels.length; i++) {
      int label = labels[i] & 0xff;
      if (label >= labelOf.size()) {
        throw new UserErrorException(
            ExitCode.NO_INPUT,
            "model %s gives label %d; its model.yaml has classes 0 to %d"
                .formatted(name, label, labelOf.size() - 1));
      }
      result[i] = labelOf.get(label).byteValue();
    }
    return result;
  }
}
