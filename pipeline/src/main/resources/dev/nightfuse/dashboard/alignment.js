import { send } from './request.js';

const at = (id) => document.getElementById(id);

/** Reach of the sliders; one that is moved to its end reaches farther then. */
const USUAL_PX = 40;

const SLIDERS = ['shiftRight', 'shiftDown'];

/** Between two requests of a slider that is moved; what the server says meanwhile is older than what is shown. */
const PACE_MS = 120;

const said = (px) => String(Math.round(px * 100) / 100);

/** Moves the thermal picture over the visible one; the configuration's line says how to keep it. */
export class Alignment {
  #rig = '';
  #shift = null;
  #px = [0, 0];
  #timer = 0;
  #unsent = false;
  #onError;

  constructor(onError) {
    this.#onError = onError;
    SLIDERS.forEach((id, axis) => {
      at(id).addEventListener('input', () => this.#moved(axis));
      // Not before it is let go, or it would run away under the hand.
      at(id).addEventListener('change', () => this.#reach(axis));
    });
  }

  /** Shows the state of a rig as the server told it. */
  show(rig, shift) {
    const other = rig !== this.#rig;
    if (other) {
      clearTimeout(this.#timer);
      this.#timer = 0;
    }
    this.#rig = rig;
    this.#shift = shift;
    if (this.#timer === 0) {
      this.#px = shift.shiftPx;
      SLIDERS.forEach((id, axis) => {
        if (other || Math.abs(this.#px[axis]) > Number(at(id).max)) {
          this.#reach(axis);
        }
        at(id).value = String(this.#px[axis]);
      });
      this.#label();
    }
  }

  /** Whether the server takes changes from this page's user. */
  allow(mayChange) {
    at('alignment').inert = !mayChange;
    at('shiftHint').textContent = mayChange ? 'thermal over visible' : 'set by the operator';
  }

  #reach(axis) {
    const px = Math.abs(this.#px[axis]);
    const reach = Math.ceil(Math.min(Math.max(USUAL_PX, 2 * px), this.#shift.farthestPx));
    at(SLIDERS[axis]).min = String(-reach);
    at(SLIDERS[axis]).max = String(reach);
  }

  /** A slider holds halves of pixels only, so the other direction is what the server said. */
  #moved(axis) {
    this.#px = this.#px.map((px, i) => (i === axis ? at(SLIDERS[axis]).valueAsNumber : px));
    this.#label();
    this.#unsent = true;
    if (this.#timer === 0) {
      this.#timer = setTimeout(() => this.#put(), PACE_MS);
    }
  }

  async #put() {
    const timer = this.#timer;
    this.#unsent = false;
    try {
      await send('PUT', `api/v1/rigs/${encodeURIComponent(this.#rig)}/registration`, { shiftPx: this.#px });
    } catch (error) {
      this.#onError(error.message);
    }
    if (timer === this.#timer) {
      this.#timer = this.#unsent ? setTimeout(() => this.#put(), PACE_MS) : 0;
    }
  }

  #label() {
    const px = this.#px;
    at('shiftRightText').textContent = `${said(px[0])} px`;
    at('shiftDownText').textContent = `${said(px[1])} px`;
    const kept = this.#shift.configuredPx.every((configured, i) => configured === px[i]);
    at('shiftKeep').hidden = kept;
    at('shiftLine').textContent = `registration.shift_px: [${px.map(said).join(', ')}]`;
  }
}
