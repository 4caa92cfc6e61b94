package dev.nightfuse.config;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** Writes {@code configs/default.yaml} and the reference page from the schema. */
final class DefaultYaml {

  private static final String HEAD =
      """
      # Every key of a Nightfuse configuration with its default and what it means. A key that is
      # left out, or empty, has its default; only what says "required" has none. A wrong or unknown
      # key stops the start with its line (exit code 78).
      #
      # Files to read (calibration, model folder, certificate, replay:) are looked for beside this file;
      # recordings are written relative to the working directory.
      #
      # This file is made from the program's own defaults by a test; edit a copy.
      # yaml-language-server: $schema=../pipeline/src/main/resources/dev/nightfuse/config/nightfuse.schema.json
      """;

  private DefaultYaml() {}

  static String write(JsonNode schema) {
    StringBuilder out = new StringBuilder(HEAD);
    schema
        .get("properties")
        .properties()
        .forEach(
            entry -> {
              out.append('\n');
              key(out, schema, entry.getKey(), entry.getValue(), "", "");
            });
    return out.toString();
  }

  private static void keys(StringBuilder out, JsonNode schema, String indent, String firstIndent) {
    String before = firstIndent;
    for (var entry : schema.get("properties").properties()) {
      key(out, schema, entry.getKey(), entry.getValue(), indent, before);
      before = indent;
    }
  }

  private static void key(
      StringBuilder out,
      JsonNode parent,
      String key,
      JsonNode property,
      String indent,
      String before) {
    String allowed = allowed(property);
    String required = isRequired(parent, key) ? "required" : "";
    String more =
        List.of(required, allowed).stream()
            .filter(s -> !s.isEmpty())
            .collect(Collectors.joining("; "));
    String comment =
        sentence(property.get("description").asText()) + (more.isEmpty() ? "" : " (" + more + ")");
    // The first key of a list entry stands behind the dash; its comment stands above the dash.
    out.append(before.replace("- ", "")).append("# ").append(comment).append('\n');
    out.append(before).append(key).append(':');
    if (property.has("properties")) {
      out.append('\n');
      keys(out, property, indent + "  ", indent + "  ");
    } else if (property.path("items").has("properties")) {
      out.append('\n');
      keys(out, property.get("items"), indent + "    ", indent + "  - ");
    } else {
      String value = value(property);
      out.append(value.isEmpty() ? "" : " " + value).append('\n');
    }
  }

  /** A page with one table row per key. */
  static String reference(JsonNode schema) {
    StringBuilder out =
        new StringBuilder(
            """
            # Configuration

            One YAML file, `nightfuse run -c FILE`. Every key with its default is in
            [configs/default.yaml](../configs/default.yaml). A wrong or unknown key stops the start: one line per
            problem with file, line, key, what was found and what is allowed, and exit code 78. Aliases, tags and
            files beyond 256 KiB are refused.

            Files to read (calibration, model folder, certificate, `replay:`) are looked for beside the configuration file;
            recordings are written relative to the working directory.

            Editors that know JSON Schema check while you type with
            `pipeline/src/main/resources/dev/nightfuse/config/nightfuse.schema.json`.

            This page is made from the program's own rules by a test.

            | key | default | allowed | meaning |
            |---|---|---|---|
            """);
    rows(out, schema, "");
    return out.toString();
  }

  private static void rows(StringBuilder out, JsonNode schema, String path) {
    for (var entry : schema.get("properties").properties()) {
      JsonNode property = entry.getValue();
      String key = path + entry.getKey();
      if (property.has("properties")) {
        rows(out, property, key + ".");
      } else if (property.path("items").has("properties")) {
        rows(out, property.get("items"), key + "[].");
      } else {
        String fallback = value(property);
        out.append(
            "| `%s` | %s | %s | %s |%n"
                .formatted(
                    key,
                    isRequired(schema, entry.getKey())
                        ? "required"
                        : fallback.isEmpty() ? "" : "`" + fallback + "`",
                    allowed(property).replace("|", "\\|"),
                    property.get("description").asText()));
      }
    }
  }

  private static boolean isRequired(JsonNode parent, String key) {
    return StreamSupport.stream(parent.path("required").spliterator(), false)
        .anyMatch(name -> name.asText().equals(key));
  }

  private static String value(JsonNode property) {
    JsonNode value =
        property.has("examples") ? property.get("examples").get(0) : property.get("default");
    return value.isArray() ? "[]" : value.isNull() ? "" : value.asText();
  }

  private static String allowed(JsonNode property) {
    if (property.has("enum")) {
      List<String> names = new ArrayList<>();
      property.get("enum").forEach(name -> names.add(name.asText()));
      names.remove("null");
      return String.join(", ", names);
    }
    if (property.has("minimum")) {
      return property.get("minimum").asText() + " to " + property.get("maximum").asText();
    }
    if (property.path("items").has("pattern")) {
      return "list of: " + property.get("items").get("patternErrorMessage").asText();
    }
    if (property.has("anyOf")) {
      return property.get("anyOf").get(1).get("minItems").asText() + " numbers";
    }
    if (property.has("pattern")) {
      String words = property.get("patternErrorMessage").asText();
      return words.startsWith("a text") ? "" : words;
    }
    return property.path("type").path(0).asText().equals("boolean") ? "true, false" : "";
  }

  private static String sentence(String text) {
    return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
  }
}
