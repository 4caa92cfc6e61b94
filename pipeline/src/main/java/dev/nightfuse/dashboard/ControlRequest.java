package dev.nightfuse.dashboard;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/**
 * Bodies of changing requests: one JSON object with known fields. Every error names the field, the
 * value and what is allowed.
 */
final class ControlRequest {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private ControlRequest() {}

  /** What to change of an overlay: only what was named. */
  record OverlayChange(Map<String, Boolean> classes, OptionalDouble opacity) {}

  static OverlayChange overlay(byte[] body, List<String> classNames) {
    JsonNode node = object(body, List.of("classes", "opacity"));
    Map<String, Boolean> classes = new LinkedHashMap<>();
    JsonNode shown = node.path("classes");
    if (!shown.isMissingNode()) {
      if (!shown.isObject()) {
        throw wrong("classes", shown, "an object such as {\"person\": true}");
      }
      for (Map.Entry<String, JsonNode> entry : shown.properties()) {
        String name = entry.getKey();
        if (!classNames.contains(name)) {
          throw wrong("classes", JSON.getNodeFactory().textNode(name), oneOf(classNames));
        }
        if (!entry.getValue().isBoolean()) {
          throw wrong("classes." + name, entry.getValue(), "true or false");
        }
        classes.put(name, entry.getValue().booleanValue());
      }
    }
    OptionalDouble opacity = OptionalDouble.empty();
    JsonNode given = node.path("opacity");
    if (!given.isMissingNode()) {
      if (!given.isNumber() || !(given.doubleValue() >= 0 && given.doubleValue() <= 1)) {
        throw wrong("opacity", given, "a number from 0 to 1");
      }
      opacity = OptionalDouble.of(given.doubleValue());
    }
    return new OverlayChange(classes, opacity);
  }

  /** A required text field that must be one of {@code allowed}. */
  static String choice(byte[] body, String field, Collection<String> allowed) {
    JsonNode value = object(body, List.of(field)).path(field);
    if (value.isMissingNode()) {
      throw new ApiException(
          400, field, "field '" + field + "' is missing; allowed is " + oneOf(allowed));
    }
    if (!value.isTextual() || !allowed.contains(value.textValue())) {
      throw wrong(field, value, oneOf(allowed));
    }
    return value.textValue();
  }

  /** A required list of {@code count} numbers, each no farther from 0 than {@code farthest}. */
  static List<Double> numbers(byte[] body, String field, int count, double farthest) {
    JsonNode value = object(body, List.of(field)).path(field);
    List<Double> numbers = new ArrayList<>();
    for (JsonNode item : value) {
      if (item.isNumber() && Math.abs(item.doubleValue()) <= farthest) {
        numbers.add(item.doubleValue());
      }
    }
    if (!value.isArray() || value.size() != count || numbers.size() != count) {
      String allowed =
          "a list of %d numbers from %.0f to %.0f".formatted(count, -farthest, farthest);
      throw value.isMissingNode()
          ? new ApiException(400, field, "field '" + field + "' is missing; allowed is " + allowed)
          : wrong(field, value, allowed);
    }
    return numbers;
  }

  /** A required field that is true or false. */
  static boolean flag(byte[] body, String field) {
    JsonNode value = object(body, List.of(field)).path(field);
    if (!value.isBoolean()) {
      throw value.isMissingNode()
          ? new ApiException(
              400, field, "field '" + field + "' is missing; allowed is true or false")
          : wrong(field, value, "true or false");
    }
    return value.booleanValue();
  }

  private static JsonNode object(byte[] body, List<String> fields) {
    JsonNode node;
    try {
      node = JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new ApiException(400, null, "the body is not JSON: " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new ApiException(400, null, "the body cannot be read");
    }
    if (node == null || !node.isObject()) {
      throw new ApiException(
          400, null, "the body must be a JSON object with " + String.join(", ", fields));
    }
    for (Map.Entry<String, JsonNode> entry : node.properties()) {
      if (!fields.contains(entry.getKey())) {
        throw new ApiException(
            400,
            entry.getKey(),
            "unknown field '" + entry.getKey() + "'; allowed is " + String.join(", ", fields));
      }
    }
    return node;
  }

  private static ApiException wrong(String field, JsonNode value, String allowed) {
    String shown = value.toString();
    if (shown.length() > 60) {
      shown = shown.substring(0, 60) + "...";
    }
    return new ApiException(400, field, field + " is " + shown + "; allowed is " + allowed);
  }

  private static String oneOf(Collection<String> names) {
    return names.isEmpty() ? "nothing: this rig has none" : String.join(", ", names);
  }
}
