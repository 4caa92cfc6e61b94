package dev.nightfuse.config;

import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * One mapping of the configuration, asked key by key. {@link NightfuseKeys} names every key once,
 * with its default, its allowed values and its meaning; what comes of it depends on who answers: a
 * {@link YamlSection} reads a file, the tests' schema section records the JSON Schema.
 *
 * <p>Every call returns a usable value. A wrong one is reported on the side and replaced by the
 * default, so that one pass finds all problems of a file.
 */
interface Section {

  /** Text that must be given; {@code example} stands in where there is none. */
  String requiredText(String key, String example, TextRule rule, String meaning);

  /** Text, or {@code fallback}. An empty fallback means "not given". */
  String text(String key, String fallback, TextRule rule, String meaning);

  int integer(String key, int fallback, int min, int max, String meaning);

  double number(String key, double fallback, double min, double max, String meaning);

  boolean flag(String key, boolean fallback, String meaning);

  /** One of a few names. */
  <T> T choice(String key, T fallback, Map<String, T> allowed, String meaning);

  /** A list of texts, each under the rule; empty by default. */
  List<String> texts(String key, TextRule rule, int maxItems, String meaning);

  /** Exactly {@code count} numbers; empty when not given. */
  List<Double> numbers(String key, int count, String meaning);

  /** A mapping within; all its defaults when not given. */
  <T> T section(String key, Function<Section, T> body, String meaning);

  /** A mapping within that must be given. */
  <T> T requiredSection(String key, Function<Section, T> body, String meaning);

  /** A list of mappings that must be given, with at least one. */
  <T> List<T> sections(String key, int maxItems, Function<Section, T> body, String meaning);

  /**
   * Reports what no single key's rule can say, such as two keys that exclude each other. Only after
   * {@code key} was asked for.
   */
  void problem(String key, String message);

  /** Reports everything that is wrong with another file, which {@code key} names. */
  void problems(String key, ConfigException ofTheFile);
}
