package dev.nightfuse.training.stage;

import dev.nightfuse.training.settings.Settings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How many times as much as elsewhere the measured terms of fusion count in the pairs of one data
 * set. What a picture lacks differs by camera and light: where one measure has room and another has
 * none, the one can be given up for the other without touching pictures of other places.
 *
 * @param factors by term; 1 where none is given
 */
public record Emphasis(Map<String, Double> factors) {

  /** The terms that it can be given for, named as in the loss. */
  static final List<String> TERMS =
      List.of("similarity", "fidelity", "edges", "differences", "correlation", "shades");

  private static final double MOST = 1000;

  public Emphasis {
    factors = Map.copyOf(factors);
  }

  /** A section of factors by term. */
  public static Emphasis read(Settings section) {
    Map<String, Double> factors = new LinkedHashMap<>();
    for (String term : TERMS) {
      if (section.has(term)) {
        factors.put(term, section.number(term, 1, 0, MOST));
      }
    }
    return new Emphasis(factors);
  }

  double of(String term) {
    return factors.getOrDefault(term, 1.0);
  }
}
