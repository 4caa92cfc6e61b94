package dev.nightfuse.access;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nightfuse.testing.HandClock;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class GateTest {

  private final HandClock clock = new HandClock();
  private final Gate gate = new Gate(new Passwords("steering-wheel", "window-seat"), clock);

  private static InetAddress address(int number) {
    try {
      return InetAddress.getByAddress(
          new byte[] {10, (byte) (number >> 16), (byte) (number >> 8), (byte) number});
    } catch (UnknownHostException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void passwords_accept_theUsersOwnOnly() {
    Passwords both = gate.passwords();
    assertTrue(both.accept("operator", "steering-wheel"));
    assertTrue(both.accept("viewer", "window-seat"));
    assertFalse(both.accept("operator", "window-seat"));
    assertFalse(both.accept("viewer", ""));
    assertFalse(both.accept("root", "steering-wheel"));
  }

  @Test
  void passwords_withoutAViewer_knowNone() {
    Passwords one = new Passwords("steering-wheel", "");
    assertNull(one.of("viewer"));
    assertFalse(one.accept("viewer", ""));
    assertFalse(one.none());
    assertTrue(Passwords.NONE.none());
    assertThrows(IllegalArgumentException.class, () -> new Passwords("", "window-seat"));
  }

  @Test
  void passwords_printed_areNotShown() {
    assertEquals("set", gate.passwords().toString());
    assertEquals("none", Passwords.NONE.toString());
  }

  @Test
  void refuses_afterTenWrongPasswords_untilTheMinuteIsOver() {
    for (int i = 0; i < Gate.MOST; i++) {
      assertFalse(gate.refuses(address(1)));
      gate.wrongPassword(address(1), "guess " + i);
    }
    assertTrue(gate.refuses(address(1)));
    assertFalse(gate.refuses(address(2)), "nobody else");
    clock.advance(Duration.ofSeconds(Gate.MEMORY_S));
    assertTrue(gate.refuses(address(1)));
    clock.advanceMs(1);
    assertFalse(gate.refuses(address(1)));
    gate.wrongPassword(address(1), "guess");
    assertFalse(gate.refuses(address(1)), "counted anew");
  }

  @Test
  void wrongPassword_againAndAgainTheSame_isOneGuess() {
    for (int i = 0; i < 100; i++) {
      gate.wrongPassword(address(1), "yesterday's password");
    }
    assertFalse(gate.refuses(address(1)));
  }

  @Test
  void wrongPasswords_ofVeryManyAddresses_keepMemoryBounded() {
    for (int i = 0; i < Gate.MOST; i++) {
      gate.wrongPassword(address(0), "guess " + i);
    }
    for (int i = 1; i < 5_000; i++) {
      gate.wrongPassword(address(i), "guess");
    }
    assertFalse(gate.refuses(address(0)), "the oldest is forgotten");
    assertEquals(1024, gate.addresses());
  }
}
