package dev.nightfuse.config;

import java.util.regex.Pattern;

/**
 * What a text may be. The pattern is in the common subset of Java's and ECMAScript's regular
 * expressions, because the JSON Schema carries it too.
 *
 * @param allowed the rule in words, as messages show it after "allowed is"
 * @param pattern must match the whole text
 */
record TextRule(String allowed, Pattern pattern) {

  static TextRule of(String allowed, String regex) {
    return new TextRule(allowed, Pattern.compile(regex));
  }

  boolean accepts(String text) {
    return pattern.matcher(text).matches();
  }
}
