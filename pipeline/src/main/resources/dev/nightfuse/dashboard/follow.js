/**
 * Keeps playback a small, steady distance behind the newest picture.
 *
 * The distance wanted is one and a half picture periods plus the jitter measured lately, so that it is short on a
 * quiet network and grows on a bad one. Small errors are worked off with the playback rate, large ones with a jump.
 */
export class Follower {
  #periodS = 1 / 30;
  #lastMediaS = NaN;
  #baseS = NaN;
  #jitterS = 0;

  reset() {
    this.#lastMediaS = NaN;
    this.#baseS = NaN;
    this.#jitterS = 0;
  }

  /** A picture of media time `mediaS` came at page time `nowS`. */
  arrived(nowS, mediaS) {
    if (mediaS > this.#lastMediaS) {
      const period = Math.min(0.25, mediaS - this.#lastMediaS);
      this.#periodS += (period - this.#periodS) / 16;
    }
    this.#lastMediaS = mediaS;
    // Lateness against the earliest arrival; the base creeps up so that a drifting clock is no jitter.
    const transit = nowS - mediaS;
    this.#baseS = transit < this.#baseS || Number.isNaN(this.#baseS) ? transit : this.#baseS + 0.0002;
    const late = Math.min(0.5, transit - this.#baseS);
    this.#jitterS = Math.max(late, this.#jitterS * 0.99);
  }

  /** Distance wanted between the end of the buffer and the position, in seconds. */
  get targetS() {
    return Math.min(0.6, Math.max(0.03, 1.5 * this.#periodS + this.#jitterS));
  }

  get periodS() {
    return this.#periodS;
  }

  /** What to do at `positionS` with media up to `edgeS`: `{seekS}` or `{rate}`. */
  decide(positionS, edgeS) {
    const errorS = edgeS - positionS - this.targetS;
    if (errorS > 0.7 || errorS < -0.7) {
      return { seekS: Math.max(0, edgeS - this.targetS) };
    }
    if (Math.abs(errorS) < 0.012) {
      return { rate: 1 };
    }
    // 100 ms too far behind: a quarter faster, caught up within half a second.
    return { rate: Math.min(1.5, Math.max(0.9, 1 + 2.5 * errorS)) };
  }
}
