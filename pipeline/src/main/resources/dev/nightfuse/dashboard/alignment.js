import { send } from './request.js';

const at = (id) => document.getElementById(id);

/** Widest reach of the sliders before a rig needs more. */
const USUAL_PX = 40;

/** While a slider moves, what the server says is older than what is shown. */
const SETTLE_MS = 120;

const said = (px) => String(Math.round(px * 100) / 100);

/** Moves the thermal picture over the visible one; the configuration's line says how to keep it. */
export class Alignment {
  #rig = '';
  #shift = null;
  #timer = 0;
  #onError;

  constructor(onError) {
    this.#onError = onError;
    for (const id of ['shiftRight', 'shiftDown']) {
      at(id).addEventListener('input', () => this.#moved());
    }
  }

  /** Shows the state of a rig as the server told it. */
  show(rig, shift) {
    if (rig !== this.#rig) {
      clearTimeout(this.#timer);
      this.#timer = 0;
    }
    this.#rig = rig;
    this.#shift = shift;
    if (this.#timer === 0) {
      const farthest = Math.max(USUAL_PX, ...shift.shiftPx.map((px) => Math.abs(px)));
      ['shiftRight', 'shiftDown'].forEach((id, i) => {
        at(id).min = String(-Math.ceil(farthest));
        at(id).max = String(Math.ceil(farthest));
        at(id).value = String(shift.shiftPx[i]);
      });
      this.#label(shift.shiftPx);
    }
  }

  /** Whether the server takes changes from this page's user. */
  allow(mayChange) {
    at('alignment').inert = !mayChange;
    at('shiftHint').textContent = mayChange ? 'thermal over visible' : 'set by the operator';
  }

  #moved() {
    const px = [at('shiftRight').valueAsNumber, at('shiftDown').valueAsNumber];
    this.#label(px);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#put(px), SETTLE_MS);
  }

  async #put(px) {
    const timer = this.#timer;
    try {
      await send('PUT', `api/v1/rigs/${encodeURIComponent(this.#rig)}/registration`, { shiftPx: px });
    } catch (error) {
      this.#onError(error.message);
    }
    if (timer === this.#timer) {
      this.#timer = 0;
    }
  }

  #label(px) {
    at('shiftRightText').textContent = `${said(px[0])} px`;
    at('shiftDownText').textContent = `${said(px[1])} px`;
    const kept = this.#shift.configuredPx.every((configured, i) => configured === px[i]);
    at('shiftKeep').hidden = kept;
    at('shiftLine').textContent = `registration: {shift_px: [${px.map(said).join(', ')}]}`;
  }
}
