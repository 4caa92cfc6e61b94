package dev.nightfuse.training;

import dev.nightfuse.engine.EngineException;
import dev.nightfuse.engine.weights.SafetensorsWriter;
import dev.nightfuse.engine.weights.WeightTensor;
import dev.nightfuse.engine.weights.WeightsFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Everything a run needs to go on exactly where it was: one safetensors file, replaced as a whole,
 * so that whatever ends the process leaves the old one or the new one.
 *
 * @param learntWith what the run was told until then; empty in older files
 * @param stage index of the stage in its recipe
 * @param step of the stage that comes next
 * @param stageState the stage's own numbers
 * @param shapes of the parameters by key, outermost size first; flat in older files
 * @param parameters by key, statistics of norms included
 * @param averages by key
 * @param moments of the optimiser by name
 */
record Checkpoint(
    LearntWith learntWith,
    int stage,
    long step,
    double[] stageState,
    Map<String, List<Integer>> shapes,
    Map<String, float[]> parameters,
    Map<String, float[]> averages,
    Map<String, float[]> moments) {

  private static final String LOOP = "loop";
  private static final String STATE = "state";
  private static final String RUN = "run.";
  private static final List<String> GROUPS = List.of("parameters.", "averages.", "moments.");
  private static final int DIGIT_BITS = 16;

  void write(Path file) throws IOException {
    SafetensorsWriter writer = new SafetensorsWriter();
    put(writer, LOOP, digits(new double[] {stage, step}));
    if (stageState.length > 0) {
      put(writer, STATE, digits(stageState));
    }
    List<Map<String, float[]>> groups = List.of(parameters, averages, moments);
    for (int i = 0; i < groups.size(); i++) {
      String prefix = GROUPS.get(i);
      Map<String, List<Integer>> shaped = i == 0 ? shapes : Map.of();
      groups
          .get(i)
          .forEach(
              (key, values) ->
                  writer.add(
                      prefix + key,
                      shaped.getOrDefault(key, List.of(values.length)),
                      () -> values));
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("format", "nightfuse training checkpoint 1");
    learntWith.values().forEach((key, value) -> metadata.put(RUN + key, value));
    writer.write(file, metadata);
  }

  private static void put(SafetensorsWriter writer, String name, float[] values) {
    writer.add(name, List.of(values.length), () -> values);
  }

  static Checkpoint read(Path file) throws EngineException {
    List<Map<String, float[]>> groups =
        List.of(new LinkedHashMap<>(), new LinkedHashMap<>(), new LinkedHashMap<>());
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    Map<String, String> run = new LinkedHashMap<>();
    double[] loop = new double[0];
    double[] state = new double[0];
    try (WeightsFile weights = WeightsFile.open(file)) {
      weights
          .metadata()
          .forEach(
              (key, value) -> {
                if (key.startsWith(RUN)) {
                  run.put(key.substring(RUN.length()), value);
                }
              });
      for (WeightTensor tensor : weights.tensors().values()) {
        String name = tensor.name();
        if (name.equals(LOOP)) {
          loop = numbers(tensor.readFloats());
        } else if (name.equals(STATE)) {
          state = numbers(tensor.readFloats());
        }
        for (int i = 0; i < GROUPS.size(); i++) {
          if (name.startsWith(GROUPS.get(i))) {
            String key = name.substring(GROUPS.get(i).length());
            groups.get(i).put(key, tensor.readFloats());
            if (i == 0) {
              shapes.put(key, tensor.shape());
            }
          }
        }
      }
    } catch (IOException e) {
      throw new EngineException("checkpoint " + file + ": " + e.getMessage(), e);
    }
    if (loop.length != 2) {
      throw new EngineException(file + " is no checkpoint of a training run");
    }
    return new Checkpoint(
        new LearntWith(run),
        (int) loop[0],
        (long) loop[1],
        state,
        shapes,
        groups.get(0),
        groups.get(1),
        groups.get(2));
  }

  /** Doubles as 16-bit digits, which float32 holds exactly. */
  private static float[] digits(double[] values) {
    float[] digits = new float[4 * values.length];
    for (int i = 0; i < digits.length; i++) {
      long bits = Double.doubleToRawLongBits(values[i / 4]);
      digits[i] = (bits >>> (DIGIT_BITS * (i % 4))) & 0xffff;
    }
    return digits;
  }

  private static double[] numbers(float[] digits) {
    double[] values = new double[digits.length / 4];
    for (int i = 0; i < values.length; i++) {
      long bits = 0;
      for (int k = 3; k >= 0; k--) {
        bits = (bits << DIGIT_BITS) | (long) digits[4 * i + k];
      }
      values[i] = Double.longBitsToDouble(bits);
    }
    return values;
  }
}
