package dev.nightfuse.config;

import java.util.regex.Pattern;

/**
 * What a text may be. The pattern is in the common subset of Java's and ECMAScript's regular
 * expressions, because the JSON Schema carries it too.
 *
 * @param allowed the rule in words, as messages show it after "allowed is"
 * @param pattern must match the whole text
 * @param secret whether messages must not show what was found
 */
record TextRule(String allowed, Pattern pattern, boolean secret) {

  static TextRule of(String allowed, String regex) {
    return new TextRule(allowed, Pattern.compile(regex), false);
  }

  static TextRule secret(String allowed, String regex) {
    return new TextRule(allowed, Pattern.compile(regex), true);
  }

  boolean accepts(String text) {
    return pattern.matcher(text).matches();
  }
}
