package dev.nightfuse.access;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * The two users of the program and their passwords: {@value #OPERATOR} may do everything, {@value
 * #VIEWER} may look. Does not show them when printed. Any thread.
 *
 * @param operator password of the operator; empty when nobody is asked for one
 * @param viewer password of the viewer; empty when there is no viewer
 */
public record Passwords(String operator, String viewer) {

  public static final String OPERATOR = "operator";
  public static final String VIEWER = "viewer";

  /** Nobody is asked for a password. */
  public static final Passwords NONE = new Passwords("", "");

  public Passwords {
    if (operator.isEmpty() && !viewer.isEmpty()) {
      throw new IllegalArgumentException("a viewer's password without one of the operator");
    }
  }

  /** Whether everybody may do everything. */
  public boolean none() {
    return operator.isEmpty();
  }

  /** The user's password, or null when there is no such user. */
  public @Nullable String of(String user) {
    String password =
        switch (user) {
          case OPERATOR -> operator;
          case VIEWER -> viewer;
          default -> "";
        };
    return password.isEmpty() ? null : password;
  }

  /** Whether it is the user's password; takes the same time whichever characters are wrong. */
  public boolean accept(String user, String password) {
    String known = of(user);
    return known != null && same(known, password);
  }

  /** Compares secrets in a time that does not tell where they differ. */
  public static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public String toString() {
    return none() ? "none" : "set";
  }
}
