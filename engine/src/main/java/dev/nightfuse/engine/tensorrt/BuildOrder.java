package dev.nightfuse.engine.tensorrt;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the building process is told on its standard input: a line for each value, then an empty
 * one. The end of the input afterwards means that nobody wants the plan any more.
 *
 * @param onnx the graph
 * @param target file for the plan
 * @param timingCache file of measured kernels
 * @param gpu ordinal of the GPU
 * @param runtime TensorRT's library
 * @param parser its ONNX parser
 * @param natives folder for the Java glue
 * @param inputs the graph's inputs
 * @param profiles batches of each optimisation profile
 */
record BuildOrder(
    Path onnx,
    Path target,
    Path timingCache,
    int gpu,
    Path runtime,
    Path parser,
    Path natives,
    List<Input> inputs,
    List<PlanShape.Range> profiles) {

  /** An input plane. */
  record Input(String name, int widthPx, int heightPx) {}

  BuildOrder {
    inputs = List.copyOf(inputs);
    profiles = List.copyOf(profiles);
  }

  static BuildOrder of(PlanRequest request, Path target, Path natives) {
    return new BuildOrder(
        request.onnx().toAbsolutePath(),
        target.toAbsolutePath(),
        request.timingCache().toAbsolutePath(),
        request.gpu().ordinal(),
        request.files().runtime().toAbsolutePath(),
        request.files().parser().toAbsolutePath(),
        natives.toAbsolutePath(),
        request.shape().planes().inputs().stream()
            .map(plane -> new Input(plane.name(), plane.widthPx(), plane.heightPx()))
            .toList(),
        request.shape().profiles());
  }

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("onnx=" + onnx);
    lines.add("target=" + target);
    lines.add("timing=" + timingCache);
    lines.add("gpu=" + gpu);
    lines.add("runtime=" + runtime);
    lines.add("parser=" + parser);
    lines.add("natives=" + natives);
    inputs.forEach(i -> lines.add("input=%s %d %d".formatted(i.name, i.widthPx, i.heightPx)));
    profiles.forEach(p -> lines.add("profile=%d %d".formatted(p.from(), p.to())));
    lines.add("");
    return lines;
  }

  static BuildOrder parse(Iterable<String> lines) throws IOException {
    Map<String, String> values = new LinkedHashMap<>();
    List<Input> inputs = new ArrayList<>();
    List<PlanShape.Range> profiles = new ArrayList<>();
    try {
      for (String line : lines) {
        String[] parts = line.split("=", 2);
        String[] words = parts[1].split(" ", -1);
        switch (parts[0]) {
          case "input" ->
              inputs.add(
                  new Input(words[0], Integer.parseInt(words[1]), Integer.parseInt(words[2])));
          case "profile" ->
              profiles.add(
                  new PlanShape.Range(Integer.parseInt(words[0]), Integer.parseInt(words[1])));
          default -> values.put(parts[0], parts[1]);
        }
      }
      return new BuildOrder(
          path(values, "onnx"),
          path(values, "target"),
          path(values, "timing"),
          Integer.parseInt(values.getOrDefault("gpu", "0")),
          path(values, "runtime"),
          path(values, "parser"),
          path(values, "natives"),
          inputs,
          profiles);
    } catch (RuntimeException e) {
      throw new IOException("not an order to build: " + e.getMessage(), e);
    }
  }

  private static Path path(Map<String, String> values, String name) {
    String value = values.get(name);
    if (value == null) {
      throw new IllegalArgumentException(name + " is missing");
    }
    return Path.of(value);
  }
}
