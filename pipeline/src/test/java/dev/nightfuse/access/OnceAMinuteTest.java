package dev.nightfuse.access;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.nightfuse.testing.HandClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class OnceAMinuteTest {

  @Test
  void lines_ofOneKindInOneMinute_areLoggedOnceAndCounted() {
    HandClock clock = new HandClock();
    List<String> logged = new ArrayList<>();
    OnceAMinute log = new OnceAMinute(clock, logged::add);
    log.say("knock", "a");
    log.say("knock", "b");
    log.say("ring", "x");
    clock.advance(Duration.ofSeconds(59));
    log.say("knock", "c");
    clock.advance(Duration.ofSeconds(1));
    log.say("knock", "d");
    clock.advance(Duration.ofSeconds(60));
    log.say("knock", "e");
    assertEquals(
        List.of("knock: a", "ring: x", "knock: d (and 2 more such lines)", "knock: e"), logged);
  }
}
