package dev.nightfuse.rtsp;

import org.jspecify.annotations.Nullable;

/**
 * States of a session and what moves it (RFC 2326 appendix A.2, for a server that only plays).
 *
 * <pre>
 *            SETUP   PLAY      PAUSE   TEARDOWN
 *   INIT     READY   -         -       -
 *   READY    -       PLAYING   READY   CLOSED
 *   PLAYING  -       PLAYING   READY   CLOSED
 *   CLOSED   -       -         -       -
 * </pre>
 *
 * A dash is status 455. SETUP of a track that is set up would change its transport, which a server
 * may refuse with 455 (section 10.4). PAUSE when ready changes nothing and is allowed, as RFC 7826
 * has made clear. Methods not in the table leave every state as it is.
 */
enum SessionState {
  INIT,
  READY,
  PLAYING,
  CLOSED;

  /** The state after {@code method}, or null where it is not valid in this one. */
  @Nullable SessionState after(RtspMethod method) {
    return switch (method) {
      case SETUP -> this == INIT ? READY : null;
      case PLAY -> this == READY || this == PLAYING ? PLAYING : null;
      case PAUSE -> this == READY || this == PLAYING ? READY : null;
      case TEARDOWN -> this == READY || this == PLAYING ? CLOSED : null;
      case ANNOUNCE, RECORD, REDIRECT -> null;
      case OPTIONS, DESCRIBE, GET_PARAMETER, SET_PARAMETER -> this;
    };
  }
}
