package dev.nightfuse.training.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * One mapping of a YAML file, or of two: a file may name another in its folder as its {@code base},
 * and then says only what is different. Every question names a key, its default and what is
 * allowed, and gets a usable answer; {@link #finish} of the whole file then throws if any was
 * wrong, or if the file has a key that nobody asked for. One thread.
 */
public final class Settings {

  private static final int MAX_ALIASES = 0;
  private static final String BASE = "base";

  private final String path;

  /** File and line where it begins, for messages. */
  private final String place;

  private final List<String> problems;
  private final Map<String, Node> values = new LinkedHashMap<>();
  private final Map<String, String> places = new LinkedHashMap<>();
  private final Set<String> asked = new LinkedHashSet<>();
  private final Map<String, Settings> sections = new LinkedHashMap<>();

  private Settings(String path, String place, List<String> problems, @Nullable Node node) {
    this.path = path;
    this.place = place;
    this.problems = problems;
    if (node instanceof MappingNode mapping) {
      take(mapping);
    } else if (node != null && !node.getTag().equals(Tag.NULL)) {
      report(place, (path.isEmpty() ? "the file" : path) + " must be a mapping of keys");
    }
  }

  public static Settings read(Path file) throws SettingsException {
    return of(file.toString(), whole(file, new ArrayList<>()));
  }

  /** The file on top of its base, if it names one. */
  private static @Nullable Node whole(Path file, List<Path> above) throws SettingsException {
    Node root = compose(file.toString(), text(file));
    above.add(file);
    if (!(root instanceof MappingNode given)) {
      return root;
    }
    Node named = value(given, BASE);
    if (named == null) {
      return root;
    }
    String at = place(named.getStartMark());
    if (!(named instanceof ScalarNode name)) {
      throw new SettingsException(at + ": base: must be the name of a file");
    }
    Path base = file.resolveSibling(name.getValue());
    if (!Files.isRegularFile(base)) {
      throw new SettingsException("%s: base: no such file: %s".formatted(at, base));
    }
    if (above.contains(base)) {
      throw new SettingsException("%s: base: %s is based on this file".formatted(at, base));
    }
    Node under = whole(base, above);
    given.getValue().removeIf(tuple -> key(tuple).equals(BASE));
    return under instanceof MappingNode mapping ? merged(mapping, given) : under;
  }

  /**
   * @param file for messages
   */
  public static Settings parse(String file, String text) throws SettingsException {
    return of(file, compose(file, text));
  }

  private static Settings of(String file, @Nullable Node root) {
    return new Settings("", file + ":1", new ArrayList<>(), root);
  }

  private static String text(Path file) throws SettingsException {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SettingsException(
          "%s: %s".formatted(file, Files.exists(file) ? "cannot be read" : "no such file"));
    }
  }

  private static @Nullable Node compose(String file, String text) throws SettingsException {
    LoadSettings yaml =
        LoadSettings.builder().setLabel(file).setMaxAliasesForCollections(MAX_ALIASES).build();
    try {
      return new Compose(yaml).composeString(text).orElse(null);
    } catch (MarkedYamlEngineException e) {
      throw new SettingsException(
          "%s: not YAML: %s".formatted(place(e.getProblemMark()), e.getProblem()));
    } catch (YamlEngineException e) {
      throw new SettingsException("%s: not YAML: %s".formatted(file, e.getMessage()));
    }
  }

  /**
   * What the base says, with what is given in its place: section by section, the rest key by key. A
   * key that is given without a value is as if the base did not have it, and must be in it.
   */
  private static MappingNode merged(MappingNode base, MappingNode given) throws SettingsException {
    List<NodeTuple> all = new ArrayList<>();
    for (NodeTuple tuple : base.getValue()) {
      Node own = value(given, key(tuple));
      if (own == null) {
        all.add(tuple);
      } else if (own instanceof MappingNode part
          && tuple.getValueNode() instanceof MappingNode whole) {
        all.add(new NodeTuple(tuple.getKeyNode(), merged(whole, part)));
      }
    }
    for (NodeTuple tuple : given.getValue()) {
      Node known = value(base, key(tuple));
      Node own = tuple.getValueNode();
      boolean together = known instanceof MappingNode && own instanceof MappingNode;
      boolean takenOut = own.getTag().equals(Tag.NULL);
      if (takenOut && known == null) {
        throw new SettingsException(
            "%s: %s: has no value, which takes away what the base has, and it has none"
                .formatted(place(tuple.getKeyNode().getStartMark()), key(tuple)));
      }
      if (!together && !takenOut) {
        all.add(tuple);
      }
    }
    return new MappingNode(base.getTag(), all, base.getFlowStyle());
  }

  private static @Nullable Node value(MappingNode mapping, String key) {
    return mapping.getValue().stream()
        .filter(tuple -> key(tuple).equals(key))
        .map(NodeTuple::getValueNode)
        .findFirst()
        .orElse(null);
  }

  private static String key(NodeTuple tuple) {
    return tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "?";
  }

  /** Throws what was wrong so far, unknown keys included; to be called on the whole file, last. */
  public void finish() throws SettingsException {
    refuseUnknown();
    if (!problems.isEmpty()) {
      throw new SettingsException(String.join("\n", problems));
    }
  }

  public boolean has(String key) {
    asked.add(key);
    Node node = values.get(key);
    return node != null && !node.getTag().equals(Tag.NULL);
  }

  /** The keys of a mapping that names things of its own, in the order of the file. */
  public List<String> keys() {
    asked.addAll(values.keySet());
    return List.copyOf(values.keySet());
  }

  /** Every value that is given, by its whole key and in the order of the file. */
  public Map<String, String> given() {
    Map<String, String> given = new LinkedHashMap<>();
    values.forEach((key, node) -> give(path + key, node, given));
    return given;
  }

  private static void give(String key, Node node, Map<String, String> given) {
    if (node instanceof MappingNode mapping) {
      mapping
          .getValue()
          .forEach(tuple -> give(key + "." + key(tuple), tuple.getValueNode(), given));
    } else if (!node.getTag().equals(Tag.NULL)) {
      given.put(key, text(node));
    }
  }

  private static String text(Node node) {
    if (node instanceof SequenceNode list) {
      return list.getValue().stream().map(Settings::text).toList().toString();
    }
    return node instanceof ScalarNode scalar ? scalar.getValue() : node.toString();
  }

  /** A mapping within; without keys when it is not given. */
  public Settings section(String key) {
    boolean given = has(key);
    return sections.computeIfAbsent(
        key,
        name ->
            new Settings(
                path + name + ".", placeOf(name), problems, given ? values.get(name) : null));
  }

  public String text(String key, String fallback) {
    return has(key) ? scalar(key).orElse(fallback) : fallback;
  }

  /** Text that has no default. */
  public String requiredText(String key) {
    if (!has(key)) {
      problem(key, "is missing and has no default");
    }
    return text(key, "");
  }

  public List<String> texts(String key) {
    List<String> result = new ArrayList<>();
    if (has(key)) {
      if (values.get(key) instanceof SequenceNode sequence) {
        for (Node item : sequence.getValue()) {
          if (item instanceof ScalarNode scalar) {
            result.add(scalar.getValue());
          } else {
            problem(key, "must be a list of single values");
          }
        }
      } else {
        problem(key, "must be a list");
      }
    }
    return result;
  }

  /** A path, relative to the working directory; empty when not given. */
  public Optional<Path> path(String key) {
    return has(key) ? scalar(key).map(Path::of) : Optional.empty();
  }

  public boolean flag(String key, boolean fallback) {
    return choice(key, fallback, Map.of("true", true, "false", false));
  }

  public int whole(String key, int fallback, int low, int high) {
    return (int) Math.round(number(key, fallback, low, high, true));
  }

  /** One whole number, or a list of as many as {@code most}; never empty. */
  public List<Integer> wholes(String key, List<Integer> fallback, int most, int low, int high) {
    if (!(values.get(key) instanceof SequenceNode)) {
      return has(key) ? List.of(whole(key, fallback.get(0), low, high)) : fallback;
    }
    List<Integer> numbers = new ArrayList<>();
    for (String found : texts(key)) {
      numbers.add((int) parsed(key, found, low, low, high, true));
    }
    if (numbers.isEmpty() || numbers.size() > most) {
      problem(key, "has %d numbers, must have 1 to %d".formatted(numbers.size(), most));
      return fallback;
    }
    return numbers;
  }

  public double number(String key, double fallback, double low, double high) {
    return number(key, fallback, low, high, false);
  }

  /** One of an enum's names, in lower case with dashes. */
  public <E extends Enum<E>> E choice(String key, E fallback) {
    return choice(key, fallback, names(fallback.getDeclaringClass()));
  }

  /** A list of an enum's names, likewise; empty when not given. */
  public <E extends Enum<E>> Set<E> choices(String key, Class<E> type) {
    Map<String, E> allowed = names(type);
    Set<E> chosen = EnumSet.noneOf(type);
    for (String found : texts(key)) {
      E value = allowed.get(found);
      if (value == null) {
        notAllowed(key, found, allowed.keySet());
      } else {
        chosen.add(value);
      }
    }
    return chosen;
  }

  private static <E extends Enum<E>> Map<String, E> names(Class<E> type) {
    Map<String, E> names = new LinkedHashMap<>();
    for (E value : type.getEnumConstants()) {
      names.put(value.name().toLowerCase(Locale.ROOT).replace('_', '-'), value);
    }
    return names;
  }

  public <T> T choice(String key, T fallback, Map<String, T> allowed) {
    String found = has(key) ? scalar(key).orElse(null) : null;
    if (found == null) {
      return fallback;
    }
    T value = allowed.get(found);
    if (value == null) {
      notAllowed(key, found, allowed.keySet());
      return fallback;
    }
    return value;
  }

  private void notAllowed(String key, String found, Set<String> allowed) {
    String names = allowed.stream().sorted().collect(Collectors.joining(", "));
    problem(key, "%s is not allowed, must be one of %s".formatted(found, names));
  }

  /** Reports that a value is wrong for a reason of its own; {@link #finish} tells it. */
  public void problem(String key, String problem) {
    report(placeOf(key), "%s%s: %s".formatted(path, key, problem));
  }

  private double number(String key, double fallback, double low, double high, boolean whole) {
    String found = has(key) ? scalar(key).orElse(null) : null;
    return found == null ? fallback : parsed(key, found, fallback, low, high, whole);
  }

  private double parsed(
      String key, String found, double fallback, double low, double high, boolean whole) {
    try {
      double value = whole ? Integer.parseInt(found) : Double.parseDouble(found);
      if (value >= low && value <= high) {
        return value;
      }
    } catch (NumberFormatException e) {
      // Told below, with the range.
    }
    String kind = whole ? "whole number" : "number";
    problem(key, "%s is not a %s from %s to %s".formatted(found, kind, trim(low), trim(high)));
    return fallback;
  }

  private static String trim(double number) {
    return number == Math.rint(number) && Math.abs(number) < 1e9
        ? Long.toString((long) number)
        : Double.toString(number);
  }

  private Optional<String> scalar(String key) {
    if (values.get(key) instanceof ScalarNode scalar) {
      return Optional.of(scalar.getValue());
    }
    problem(key, "must be a single value");
    return Optional.empty();
  }

  private void take(MappingNode mapping) {
    for (NodeTuple tuple : mapping.getValue()) {
      String at = place(tuple.getKeyNode().getStartMark());
      String key = key(tuple);
      places.put(key, at);
      if (values.put(key, tuple.getValueNode()) != null) {
        report(at, path + key + ": given twice");
      }
    }
  }

  private void refuseUnknown() {
    values.forEach(
        (key, node) -> {
          if (!asked.contains(key)) {
            problem(key, "unknown key; allowed are " + String.join(", ", asked));
          }
        });
    sections.values().forEach(Settings::refuseUnknown);
  }

  private String placeOf(String key) {
    return places.getOrDefault(key, place);
  }

  private void report(String at, String problem) {
    problems.add("%s: %s".formatted(at, problem));
  }

  private static String place(Optional<Mark> mark) {
    return mark.map(m -> "%s:%d".formatted(m.getName(), m.getLine() + 1)).orElse("?");
  }
}
