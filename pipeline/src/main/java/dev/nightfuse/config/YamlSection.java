package dev.nightfuse.config;

import dev.nightfuse.gst.Credentials;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** Answers from a YAML mapping, or with defaults where there is none; reports what is wrong. */
final class YamlSection implements Section {

  private final Problems problems;
  private final String path;
  private final int line;
  private final Map<String, NodeTuple> tuples = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();

  private YamlSection(Problems problems, String path, int line) {
    this.problems = problems;
    this.path = path;
    this.line = line;
  }

  /**
   * Reads {@code node} (null: nothing is given) with {@code body} and refuses keys not asked for.
   */
  static <T> T read(
      Problems problems, String path, int line, @Nullable Node node, Function<Section, T> body) {
    YamlSection section = new YamlSection(problems, path, line);
    if (node instanceof MappingNode mapping) {
      section.take(mapping);
    } else if (node != null && !node.getTag().equals(Tag.NULL)) {
      problems.add(
          YamlDocument.line(node.getStartMark()), path, wrong(node, "a mapping of keys to values"));
    }
    T result = body.apply(section);
    section.refuseUnknown();
    return result;
  }

  private void take(MappingNode mapping) {
    for (NodeTuple tuple : mapping.getValue()) {
      int at = YamlDocument.line(tuple.getKeyNode().getStartMark());
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(at, path, "a key must be a plain name");
        continue;
      }
      NodeTuple first = tuples.putIfAbsent(key.getValue(), tuple);
      if (first != null) {
        int firstLine = YamlDocument.line(first.getKeyNode().getStartMark());
        problems.add(at, pathOf(key.getValue()), "given twice, first in line " + firstLine);
      }
    }
  }

  private void refuseUnknown() {
    tuples.forEach(
        (key, tuple) -> {
          if (!asked.contains(key)) {
            String hint =
                Nearest.to(key, asked)
                    .map(near -> "did you mean \"" + near + "\"?")
                    .orElse("allowed are " + String.join(", ", asked));
            problems.add(lineOf(key), pathOf(key), "unknown key; " + hint);
          }
        });
  }

  @Override
  public String requiredText(String key, String example, TextRule rule, String meaning) {
    Node node = value(key);
    if (node == null) {
      missing(key, rule.allowed());
      return example;
    }
    return text(key, node, example, rule);
  }

  @Override
  public String text(String key, String fallback, TextRule rule, String meaning) {
    Node node = value(key);
    return node == null ? fallback : text(key, node, fallback, rule);
  }

  private String text(String key, Node node, String fallback, TextRule rule) {
    // A number or a bare true is text where text is asked for: rig names such as 1 are fine.
    if (node instanceof ScalarNode scalar && rule.accepts(scalar.getValue())) {
      return scalar.getValue();
    }
    String message =
        rule.secret() && node instanceof ScalarNode secret
            ? "found %d characters, allowed is %s"
                .formatted(secret.getValue().length(), rule.allowed())
            : wrong(node, rule.allowed());
    problems.add(YamlDocument.line(node.getStartMark()), pathOf(key), message);
    return fallback;
  }

  @Override
  public int integer(String key, int fallback, int min, int max, String meaning) {
    Node node = value(key);
    if (node == null) {
      return fallback;
    }
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.INT)) {
      try {
        int number = Integer.parseInt(scalar.getValue());
        if (number >= min && number <= max) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Larger than any int: out of range like any other.
      }
    }
    wrongValue(key, node, "a whole number from %d to %d".formatted(min, max));
    return fallback;
  }

  @Override
  public double number(String key, double fallback, double min, double max, String meaning) {
    Node node = value(key);
    if (node == null) {
      return fallback;
    }
    double number = toNumber(node);
    if (number >= min && number <= max) {
      return number;
    }
    wrongValue(key, node, "a number from %s to %s".formatted(plain(min), plain(max)));
    return fallback;
  }

  @Override
  public boolean flag(String key, boolean fallback, String meaning) {
    Node node = value(key);
    if (node == null) {
      return fallback;
    }
    if (node instanceof ScalarNode scalar && scalar.getTag().equals(Tag.BOOL)) {
      return Boolean.parseBoolean(scalar.getValue());
    }
    wrongValue(key, node, "true or false");
    return fallback;
  }

  @Override
  public <T> T choice(String key, T fallback, Map<String, T> allowed, String meaning) {
    Node node = value(key);
    if (node == null) {
      return fallback;
    }
    T chosen = node instanceof ScalarNode scalar ? allowed.get(scalar.getValue()) : null;
    if (chosen == null) {
      wrongValue(key, node, "one of " + String.join(", ", allowed.keySet()));
      return fallback;
    }
    return chosen;
  }

  @Override
  public List<String> texts(String key, TextRule rule, int maxItems, String meaning) {
    List<String> texts = new ArrayList<>();
    List<Node> items = items(key, 0, maxItems, "a list of at most %d texts".formatted(maxItems));
    for (int i = 0; i < items.size(); i++) {
      texts.add(text(key + "[" + i + "]", items.get(i), "", rule));
    }
    return texts;
  }

  @Override
  public List<Double> numbers(String key, int count, String meaning) {
    if (value(key) instanceof SequenceNode empty && empty.getValue().isEmpty()) {
      return List.of();
    }
    List<Node> items = items(key, count, count, "a list of %d numbers".formatted(count));
    List<Double> numbers = new ArrayList<>();
    for (int i = 0; i < items.size(); i++) {
      double number = toNumber(items.get(i));
      if (Double.isNaN(number)) {
        wrongValue(key + "[" + i + "]", items.get(i), "a number");
        return List.of();
      }
      numbers.add(number);
    }
    return numbers;
  }

  @Override
  public <T> T section(String key, Function<Section, T> body, String meaning) {
    return read(problems, pathOf(key), lineOf(key), value(key), body);
  }

  @Override
  public <T> T requiredSection(String key, Function<Section, T> body, String meaning) {
    return section(key, body, meaning);
  }

  @Override
  public <T> List<T> sections(String key, int maxItems, Function<Section, T> body, String meaning) {
    String allowed = "a list of 1 to %d entries".formatted(maxItems);
    if (value(key) == null) {
      missing(key, allowed);
      return List.of();
    }
    List<T> sections = new ArrayList<>();
    List<Node> items = items(key, 1, maxItems, allowed);
    for (int i = 0; i < items.size(); i++) {
      Node item = items.get(i);
      String at = pathOf(key) + "[" + i + "]";
      sections.add(read(problems, at, YamlDocument.line(item.getStartMark()), item, body));
    }
    return sections;
  }

  @Override
  public void problem(String key, String message) {
    problems.add(lineOf(key), pathOf(key), message);
  }

  @Override
  public void problems(String key, ConfigException ofTheFile) {
    problems.addAll(lineOf(key), ofTheFile);
  }

  /** The value of a key, or null when it is absent or empty; remembers that the key exists. */
  private @Nullable Node value(String key) {
    asked.add(key);
    NodeTuple tuple = tuples.get(key);
    Node node = tuple == null ? null : tuple.getValueNode();
    return node == null || node.getTag().equals(Tag.NULL) ? null : node;
  }

  /** The entries of a list of {@code min} to {@code max}; none when it is absent or wrong. */
  private List<Node> items(String key, int min, int max, String allowed) {
    Node node = value(key);
    if (node == null) {
      return List.of();
    }
    if (node instanceof SequenceNode sequence
        && sequence.getValue().size() >= min
        && sequence.getValue().size() <= max) {
      return sequence.getValue();
    }
    wrongValue(key, node, allowed);
    return List.of();
  }

  private void missing(String key, String allowed) {
    problems.add(lineOf(key), pathOf(key), "missing; allowed is " + allowed);
  }

  private void wrongValue(String key, Node node, String allowed) {
    problems.add(YamlDocument.line(node.getStartMark()), pathOf(key), wrong(node, allowed));
  }

  private static String wrong(Node node, String allowed) {
    return "found %s, allowed is %s".formatted(describe(node), allowed);
  }

  private static String describe(Node node) {
    if (node instanceof ScalarNode scalar) {
      // Addresses of cameras hold passwords, and messages are seen by others than the file is.
      String text = Credentials.hide(scalar.getValue());
      String shown = text.length() > 60 ? text.substring(0, 60) + "..." : text;
      return scalar.getTag().equals(Tag.STR) ? "\"" + shown + "\"" : shown;
    }
    return node instanceof SequenceNode list ? "a list of " + list.getValue().size() : "a mapping";
  }

  /** NaN when it is not a number. */
  private static double toNumber(Node node) {
    if (node instanceof ScalarNode scalar
        && (scalar.getTag().equals(Tag.INT) || scalar.getTag().equals(Tag.FLOAT))) {
      try {
        double number = Double.parseDouble(scalar.getValue());
        return Double.isFinite(number) ? number : Double.NaN;
      } catch (NumberFormatException e) {
        return Double.NaN;
      }
    }
    return Double.NaN;
  }

  static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }

  private int lineOf(String key) {
    NodeTuple tuple = tuples.get(key);
    return tuple == null ? line : YamlDocument.line(tuple.getKeyNode().getStartMark());
  }

  private String pathOf(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }
}
