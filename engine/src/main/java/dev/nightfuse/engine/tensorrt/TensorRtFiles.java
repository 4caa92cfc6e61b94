package dev.nightfuse.engine.tensorrt;

import java.nio.file.Path;
import java.util.List;

/**
 * Where TensorRT lies on this machine.
 *
 * @param runtime {@code libnvinfer.so.10}
 * @param parser {@code libnvonnxparser.so.10}
 * @param builderResources names of the files that building plans needs, beside the runtime; empty
 *     when plans can only be run
 */
record TensorRtFiles(Path runtime, Path parser, List<String> builderResources) {

  TensorRtFiles {
    builderResources = List.copyOf(builderResources);
  }

  /**
   * Why plans cannot be built for a GPU; empty when they can, as far as file names tell. One file
   * for all GPUs up to some version, later one for each generation and one that serves every
   * generation through PTX, more slowly.
   */
  String whyNoBuilder(GpuDevice gpu) {
    if (builderResources.isEmpty()) {
      return "no libnvinfer_builder_resource beside " + runtime;
    }
    String wanted = "_sm%d%d".formatted(gpu.computeMajor(), gpu.computeMinor());
    boolean fits = builderResources.stream().anyMatch(name -> serves(name, gpu));
    return fits
        ? ""
        : "no libnvinfer_builder_resource%s beside %s, only %s"
            .formatted(wanted, runtime, String.join(", ", builderResources));
  }

  /** Code for one generation runs on later chips of it: Orin (8.7) uses what is for 8.6. */
  private static boolean serves(String name, GpuDevice gpu) {
    int at = name.indexOf("_resource_sm");
    if (at < 0) {
      return true;
    }
    String digits = name.substring(at + "_resource_sm".length()).replaceFirst("\\D.*", "");
    int number = digits.isEmpty() ? 0 : Integer.parseInt(digits);
    return number / 10 == gpu.computeMajor() && number % 10 <= gpu.computeMinor();
  }
}
