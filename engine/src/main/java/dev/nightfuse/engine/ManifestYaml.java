package dev.nightfuse.engine;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/**
 * A mapping of a {@code model.yaml}, read key by key. Every mistake is an {@link EngineException}
 * that names the file, the line, the key and what is allowed.
 */
final class ManifestYaml {

  private final String file;
  private final String path;
  private final int line;
  private final Map<String, Node> values = new LinkedHashMap<>();

  private ManifestYaml(String file, String path, Node node, Set<String> allowed)
      throws EngineException {
    this.file = file;
    this.path = path;
    this.line = line(node);
    if (!(node instanceof MappingNode mapping)) {
      throw error(line, (path.isEmpty() ? "the document" : path) + " must be a mapping of keys");
    }
    for (NodeTuple tuple : mapping.getValue()) {
      Node key = tuple.getKeyNode();
      String name = key instanceof ScalarNode scalar ? scalar.getValue() : "?";
      if (!allowed.contains(name)) {
        throw error(
            line(key),
            "unknown key " + path + name + "; allowed are " + String.join(", ", allowed));
      }
      if (values.put(name, tuple.getValueNode()) != null) {
        throw error(line(key), "key " + path + name + " is given twice");
      }
    }
  }

  static ManifestYaml parse(String file, String text, Set<String> allowed) throws EngineException {
    Node root;
    try {
      LoadSettings settings = LoadSettings.builder().setLabel(file).build();
      root = new Compose(settings).composeString(text).orElse(null);
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new EngineException(file + ":" + line + ": not YAML: " + e.getProblem(), e);
    } catch (YamlEngineException e) {
      throw new EngineException(file + ": not YAML: " + e.getMessage(), e);
    }
    if (root == null) {
      throw new EngineException(file + ": is empty; it must declare a model");
    }
    return new ManifestYaml(file, "", root, allowed);
  }

  boolean has(String key) {
    return values.containsKey(key);
  }

  ManifestYaml mapping(String key, Set<String> allowed) throws EngineException {
    return new ManifestYaml(file, path + key + ".", required(key), allowed);
  }

  String text(String key) throws EngineException {
    String value = scalar(key, required(key));
    if (value.isBlank()) {
      throw error(line(required(key)), path + key + " is empty");
    }
    return value;
  }

  /** Text that matches a pattern; {@code allowed} says in words what that is. */
  String text(String key, String pattern, String allowed) throws EngineException {
    String value = text(key);
    if (!value.matches(pattern)) {
      throw error(
          line(required(key)), path + key + ": " + value + " is not allowed, must be " + allowed);
    }
    return value;
  }

  int number(String key, int low, int high) throws EngineException {
    return number(path + key, required(key), low, high);
  }

  /** A decimal number, or {@code absent} where the key is not given. */
  double decimal(String key, double low, double high, double absent) throws EngineException {
    Node node = values.get(key);
    if (node == null) {
      return absent;
    }
    String value = scalar(key, node);
    try {
      double number = Double.parseDouble(value);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with the range.
    }
    throw error(
        line(node), "%s: %s is not a number from %s to %s".formatted(path + key, value, low, high));
  }

  List<String> texts(String key) throws EngineException {
    List<String> result = new ArrayList<>();
    for (Node item : items(key)) {
      result.add(scalar(key, item));
    }
    return result;
  }

  /** Colours written as {@code "#rrggbb"}. */
  List<Integer> colours(String key) throws EngineException {
    List<Integer> result = new ArrayList<>();
    for (Node item : items(key)) {
      String value = scalar(key, item);
      if (!value.matches("#[0-9a-fA-F]{6}")) {
        throw error(line(item), path + key + ": " + value + " is not a colour such as \"#40c0ff\"");
      }
      result.add(Integer.parseInt(value.substring(1), 16));
    }
    return result;
  }

  EngineException error(String key, String problem) {
    Node node = values.get(key);
    return error(node == null ? line : line(node), path + key + ": " + problem);
  }

  private List<Node> items(String key) throws EngineException {
    if (required(key) instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw error(line(required(key)), path + key + " must be a list");
  }

  private int number(String name, Node node, int low, int high) throws EngineException {
    String value = scalar(name, node);
    try {
      int number = Integer.parseInt(value);
      if (number >= low && number <= high) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, with the range.
    }
    throw error(
        line(node), "%s: %s is not a whole number from %d to %d".formatted(name, value, low, high));
  }

  private String scalar(String key, Node node) throws EngineException {
    if (node instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw error(line(node), path + key + " must be a single value");
  }

  private Node required(String key) throws EngineException {
    Node node = values.get(key);
    if (node == null) {
      throw error(line, "key " + path + key + " is missing");
    }
    return node;
  }

  private EngineException error(int atLine, String problem) {
    return new EngineException(file + ":" + atLine + ": " + problem);
  }

  private static int line(@Nullable Node node) {
    return node == null ? 1 : node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
