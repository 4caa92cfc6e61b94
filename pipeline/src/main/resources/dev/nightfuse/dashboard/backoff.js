/** Waiting times between attempts: grow to a limit, with jitter so that many pages do not return at once. */
export class Backoff {
  #firstMs;
  #limitMs;
  #nextMs;

  constructor(firstMs = 300, limitMs = 5000) {
    this.#firstMs = firstMs;
    this.#limitMs = limitMs;
    this.#nextMs = firstMs;
  }

  /** The time to wait now, in milliseconds. */
  next() {
    const waitMs = this.#nextMs;
    this.#nextMs = Math.min(this.#nextMs * 1.7, this.#limitMs);
    return waitMs * (0.75 + Math.random() * 0.5);
  }

  reset() {
    this.#nextMs = this.#firstMs;
  }
}
