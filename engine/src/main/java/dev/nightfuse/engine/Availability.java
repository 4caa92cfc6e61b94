package dev.nightfuse.engine;

/**
 * Whether a backend can work on this machine.
 *
 * @param available whether it can
 * @param detail version and devices when it can; the reason, and what would help, when it cannot
 */
public record Availability(boolean available, String detail) {

  public static Availability yes(String detail) {
    return new Availability(true, detail);
  }

  public static Availability no(String reason) {
    return new Availability(false, reason);
  }
}
