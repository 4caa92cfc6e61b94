/**
 * The server's wall clock, estimated from round trips as in NTP: the answer with the shortest round trip of the
 * last ones is the best. Times of the page are performance.now(), which no clock step moves.
 */
export class ServerClock {
  #samples = [];

  /** One answer: when the page asked, what the server's clock said, when the answer came; milliseconds. */
  answered(askedMs, serverMs, receivedMs) {
    this.#samples.push({
      roundTripMs: receivedMs - askedMs,
      offsetMs: serverMs - (askedMs + receivedMs) / 2,
    });
    if (this.#samples.length > 12) {
      this.#samples.shift();
    }
  }

  reset() {
    this.#samples = [];
  }

  get known() {
    return this.#samples.length > 0;
  }

  get roundTripMs() {
    return this.#best().roundTripMs;
  }

  /** Server wall time in milliseconds since 1970 at a moment of performance.now(). */
  wallMs(pageMs) {
    return pageMs + this.#best().offsetMs;
  }

  #best() {
    return this.#samples.reduce((a, b) => (b.roundTripMs < a.roundTripMs ? b : a));
  }
}
