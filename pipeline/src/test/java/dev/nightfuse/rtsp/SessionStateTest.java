package dev.nightfuse.rtsp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every state with every method. */
final class SessionStateTest {

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        // state, SETUP, PLAY, PAUSE, TEARDOWN, ANNOUNCE, RECORD, REDIRECT
        "INIT,    READY, -,       -,     -,      -, -, -",
        "READY,   -,     PLAYING, READY, CLOSED, -, -, -",
        "PLAYING, -,     PLAYING, READY, CLOSED, -, -, -",
        "CLOSED,  -,     -,       -,     -,      -, -, -"
      })
  void after_everyMethod_followsTheTable(
      SessionState state,
      SessionState setup,
      SessionState play,
      SessionState pause,
      SessionState tearDown,
      SessionState announce,
      SessionState record,
      SessionState redirect) {
    assertEquals(setup, state.after(RtspMethod.SETUP));
    assertEquals(play, state.after(RtspMethod.PLAY));
    assertEquals(pause, state.after(RtspMethod.PAUSE));
    assertEquals(tearDown, state.after(RtspMethod.TEARDOWN));
    assertEquals(announce, state.after(RtspMethod.ANNOUNCE));
    assertEquals(record, state.after(RtspMethod.RECORD));
    assertEquals(redirect, state.after(RtspMethod.REDIRECT));
    assertEquals(state, state.after(RtspMethod.OPTIONS));
    assertEquals(state, state.after(RtspMethod.DESCRIBE));
    assertEquals(state, state.after(RtspMethod.GET_PARAMETER));
    assertEquals(state, state.after(RtspMethod.SET_PARAMETER));
  }
}
