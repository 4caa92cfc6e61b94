package dev.nightfuse.config;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Records what it is asked for as JSON Schema (draft 2020-12) and answers with defaults. */
final class SchemaSection implements Section {

  private final ObjectNode schema;
  private final ObjectNode properties;

  private SchemaSection(ObjectNode schema, String meaning) {
    this.schema = schema;
    schema.put("type", "object").put("description", meaning).put("additionalProperties", false);
    this.properties = schema.putObject("properties");
  }

  /** The JSON Schema of a configuration file. */
  static ObjectNode ofNightfuse() {
    ObjectNode schema = JsonNodeFactory.instance.objectNode();
    schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    schema.put("title", "Nightfuse configuration");
    new NightfuseKeys(Path.of("/"), Path.of("/"))
        .read(new SchemaSection(schema, "one configuration file"));
    return schema;
  }

  @Override
  public String requiredText(String key, String example, TextRule rule, String meaning) {
    require(key);
    property(key, meaning, "string", "number", "boolean")
        .put("pattern", anchored(rule))
        .put("patternErrorMessage", rule.allowed())
        .putArray("examples")
        .add(example);
    return example;
  }

  @Override
  public String text(String key, String fallback, TextRule rule, String meaning) {
    ObjectNode property = property(key, meaning, "string", "number", "boolean", "null");
    property.put("pattern", anchored(rule)).put("patternErrorMessage", rule.allowed());
    if (fallback.isEmpty()) {
      property.putNull("default");
    } else {
      property.put("default", fallback);
    }
    return fallback;
  }

  @Override
  public int integer(String key, int fallback, int min, int max, String meaning) {
    property(key, meaning, "integer", "null")
        .put("minimum", min)
        .put("maximum", max)
        .put("default", fallback);
    return fallback;
  }

  @Override
  public double number(String key, double fallback, double min, double max, String meaning) {
    ObjectNode property = property(key, meaning, "number", "null");
    property.set("minimum", json(min));
    property.set("maximum", json(max));
    property.set("default", json(fallback));
    return fallback;
  }

  @Override
  public boolean flag(String key, boolean fallback, String meaning) {
    property(key, meaning, "boolean", "null").put("default", fallback);
    return fallback;
  }

  @Override
  public <T> T choice(String key, T fallback, Map<String, T> allowed, String meaning) {
    ObjectNode property = property(key, meaning, "string", "null");
    ArrayNode names = property.putArray("enum");
    allowed.forEach(
        (name, value) -> {
          names.add(name);
          if (value.equals(fallback)) {
            property.put("default", name);
          }
        });
    names.addNull();
    return fallback;
  }

  @Override
  public List<String> texts(String key, TextRule rule, int maxItems, String meaning) {
    ObjectNode property = property(key, meaning, "array", "null");
    property.put("maxItems", maxItems).putArray("default");
    types(property.putObject("items"), "string", "number", "boolean")
        .put("pattern", anchored(rule))
        .put("patternErrorMessage", rule.allowed());
    return List.of();
  }

  @Override
  public List<Double> numbers(String key, int count, String meaning) {
    ObjectNode property = property(key, meaning, "array", "null");
    property.putObject("items").put("type", "number");
    property.putArray("default");
    ArrayNode lengths = property.putArray("anyOf");
    lengths.addObject().put("maxItems", 0);
    lengths.addObject().put("minItems", count).put("maxItems", count);
    return List.of();
  }

  @Override
  public <T> T section(String key, Function<Section, T> body, String meaning) {
    ObjectNode property = properties.putObject(key);
    T result = body.apply(new SchemaSection(property, meaning));
    types(property, "object", "null");
    return result;
  }

  @Override
  public <T> T requiredSection(String key, Function<Section, T> body, String meaning) {
    require(key);
    return body.apply(new SchemaSection(properties.putObject(key), meaning));
  }

  @Override
  public <T> List<T> sections(String key, int maxItems, Function<Section, T> body, String meaning) {
    require(key);
    ObjectNode property = properties.putObject(key);
    property
        .put("type", "array")
        .put("description", meaning)
        .put("minItems", 1)
        .put("maxItems", maxItems);
    return List.of(body.apply(new SchemaSection(property.putObject("items"), "one entry")));
  }

  @Override
  public void problem(String key, String message) {
    throw new AssertionError("the example of %s is wrong: %s".formatted(key, message));
  }

  @Override
  public void problems(String key, ConfigException ofTheFile) {
    throw new AssertionError("the example of " + key + " is wrong", ofTheFile);
  }

  private void require(String key) {
    ArrayNode required =
        schema.get("required") instanceof ArrayNode there ? there : schema.putArray("required");
    required.add(key);
  }

  private ObjectNode property(String key, String meaning, String... types) {
    return types(properties.putObject(key).put("description", meaning), types);
  }

  private static ObjectNode types(ObjectNode property, String... types) {
    ArrayNode array = property.putArray("type");
    for (String type : types) {
      array.add(type);
    }
    return property;
  }

  /** 20 and not 20.0. */
  private static ValueNode json(double number) {
    return JsonNodeFactory.instance.numberNode(new BigDecimal(YamlSection.plain(number)));
  }

  private static String anchored(TextRule rule) {
    return "^(" + rule.pattern().pattern() + ")$";
  }
}
