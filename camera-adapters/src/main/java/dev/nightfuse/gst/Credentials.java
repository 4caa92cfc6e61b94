package dev.nightfuse.gst;

import java.util.regex.Pattern;

/** Takes user names and passwords out of text that people will read. */
public final class Credentials {

  /**
   * All up to the last at-sign before the path, or behind what cannot be a port: people forget to
   * escape those, and slashes, in passwords, and they forget the scheme.
   */
  private static final Pattern IN_AUTHORITY =
      Pattern.compile("(^|//)[^/\\s]*@|(?<=//)[^/\\s:@]+:(?!\\d+/)[^\\s@]*@");

  private static final Pattern IN_QUERY =
      Pattern.compile(
          "([?&][a-z_]*(?:user|login|pass|pwd|token|secret|auth)[a-z_]*=)[^&\\s]*",
          Pattern.CASE_INSENSITIVE);

  private Credentials() {}

  /** The text with every credential in an address replaced by asterisks. */
  public static String hide(String text) {
    return IN_QUERY.matcher(IN_AUTHORITY.matcher(text).replaceAll("$1***@")).replaceAll("$1***");
  }
}
