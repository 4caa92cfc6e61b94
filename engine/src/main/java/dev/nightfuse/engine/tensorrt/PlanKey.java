package dev.nightfuse.engine.tensorrt;

import dev.nightfuse.engine.ModelManifest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Everything that a plan depends on. A plan of another key is never loaded.
 *
 * @param facts by name, in a fixed order
 */
record PlanKey(Map<String, String> facts) {

  /** Raised when this program builds plans differently. */
  private static final String RECIPE = "1";

  static PlanKey of(ModelManifest model, PlanShape shape, GpuDevice gpu, String version) {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("model", model.name());
    facts.put("model_sha256", model.sha256());
    facts.put("precision", model.precision());
    int width = shape.planes().outputs().get(0).widthPx();
    int height = shape.planes().outputs().get(0).heightPx();
    facts.put("size", width + "x" + height);
    facts.put("max_batch", Integer.toString(shape.maxBatch()));
    facts.put("gpu", gpu.kind());
    facts.put("tensorrt", version);
    // A plan may hold code that the driver of another CUDA version would compile differently.
    facts.put("driver_cuda", Integer.toString(gpu.driverCuda()));
    facts.put("recipe", RECIPE);
    return new PlanKey(facts);
  }

  PlanKey {
    facts = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(facts));
  }

  String fact(String name) {
    return facts.getOrDefault(name, "?");
  }

  /** Name of the plan's file: readable, and different for every key. */
  String fileName() {
    return "%s-%s-b%s-%s-%s.plan"
        .formatted(
            fact("model").replaceAll("[^A-Za-z0-9._-]+", "_"),
            fact("size"),
            fact("max_batch"),
            fact("precision"),
            digest().substring(0, 16));
  }

  String digest() {
    try {
      byte[] text = facts.toString().getBytes(StandardCharsets.UTF_8);
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(text));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }

  /** How many facts differ. */
  int distance(PlanKey other) {
    return (int)
        facts.entrySet().stream().filter(f -> !f.getValue().equals(other.fact(f.getKey()))).count();
  }

  /** What is different here, in words; empty when nothing is. */
  String differenceTo(PlanKey other) {
    StringBuilder text = new StringBuilder();
    facts.forEach(
        (name, value) -> {
          if (!value.equals(other.fact(name))) {
            text.append(text.isEmpty() ? "" : ", ")
                .append("%s was %s, is %s".formatted(name, other.fact(name), value));
          }
        });
    return text.toString();
  }
}
