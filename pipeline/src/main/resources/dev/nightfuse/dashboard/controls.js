import { send } from './request.js';

/** What the operator changes: overlay, palette, recording. The server's answer decides what is shown. */
const at = (id) => document.getElementById(id);

const title = (name) => name.replace(/[_-]/g, ' ').replace(/^./, (c) => c.toUpperCase());

export class Controls {
  #rig = '';
  #controls = null;
  #recording = null;
  #mayChange = true;
  #onError;
  #drawn = '';
  #dragging = false;
  #opacityTimer = 0;

  constructor(onError) {
    this.#onError = onError;
    const opacity = at('opacity');
    opacity.addEventListener('input', () => {
      this.#dragging = true;
      this.#opacityLabel();
      clearTimeout(this.#opacityTimer);
      this.#opacityTimer = setTimeout(() => {
        this.#dragging = false;
        this.#put('overlay', { opacity: opacity.valueAsNumber / 100 });
      }, 120);
    });
    at('record').addEventListener('click', () => this.toggleRecording());
    at('palettes').addEventListener('keydown', (event) => this.#paletteKey(event));
  }

  /** Shows the state of a rig as the server told it. */
  show(rig, controls, recording) {
    this.#rig = rig;
    this.#controls = controls;
    this.#recording = recording;
    const key = JSON.stringify([rig, controls]);
    if (key !== this.#drawn) {
      this.#drawn = key;
      this.#drawClasses();
      this.#drawPalettes();
      if (!this.#dragging) {
        at('opacity').value = String(Math.round(controls.overlay.opacity * 100));
        this.#opacityLabel();
      }
    }
    const button = at('record');
    button.setAttribute('aria-pressed', String(recording.active));
    at('recordText').textContent = recording.active ? 'Stop' : 'Record';
  }

  /** Whether the server takes changes from this page's user. */
  allow(mayChange) {
    this.#mayChange = mayChange;
    at('record').hidden = !mayChange;
    for (const group of ['classes', 'opacity', 'palettes']) {
      at(group).inert = !mayChange;
    }
  }

  /** Says in which views the controls are seen, or whose they are. */
  hints(view) {
    if (!this.#mayChange) {
      at('overlayHint').textContent = 'set by the operator';
      at('paletteHint').textContent = 'set by the operator';
      return;
    }
    at('overlayHint').textContent = view === 'overlay' || view === 'side-by-side' ? '' : 'seen in Overlay';
    at('paletteHint').textContent = view === 'infrared' || view === 'side-by-side' ? '' : 'seen in Thermal';
  }

  toggleRecording() {
    if (this.#recording !== null) {
      at('record').disabled = true;
      this.#change('POST', 'recording', { action: this.#recording.active ? 'stop' : 'start' })
        .finally(() => { at('record').disabled = false; });
    }
  }

  nextPalette(step = 1) {
    const names = this.#controls?.palettes.map((palette) => palette.name) ?? [];
    if (names.length > 0) {
      const index = names.indexOf(this.#controls.palette) + step;
      this.#put('palette', { palette: names[(index + names.length) % names.length] });
    }
  }

  stepOpacity(step) {
    if (!this.#mayChange) {
      return;
    }
    const opacity = at('opacity');
    opacity.value = String(opacity.valueAsNumber + step);
    opacity.dispatchEvent(new Event('input'));
  }

  #drawClasses() {
    const classes = this.#controls.overlay.classes;
    at('overlayCard').hidden = classes.length === 0;
    const focused = document.activeElement?.dataset?.class;
    at('classes').replaceChildren(
      ...classes.map((entry) => {
        const button = document.createElement('button');
        button.type = 'button';
        button.className = 'class';
        button.dataset.class = entry.name;
        button.setAttribute('aria-pressed', String(entry.shown));
        const swatch = document.createElement('span');
        swatch.className = 'swatch';
        swatch.style.background = entry.color;
        button.append(swatch, title(entry.name));
        button.addEventListener('click', () =>
          this.#put('overlay', { classes: { [entry.name]: !entry.shown } }));
        return button;
      }));
    at('classes').querySelector(`[data-class="${CSS.escape(focused ?? '')}"]`)?.focus();
  }

  #drawPalettes() {
    const hadFocus = at('palettes').contains(document.activeElement);
    at('palettes').replaceChildren(
      ...this.#controls.palettes.map((palette) => {
        const button = document.createElement('button');
        const checked = palette.name === this.#controls.palette;
        button.type = 'button';
        button.className = 'palette';
        button.dataset.palette = palette.name;
        button.setAttribute('role', 'radio');
        button.setAttribute('aria-checked', String(checked));
        button.tabIndex = checked ? 0 : -1;
        const strip = document.createElement('span');
        strip.style.background = `linear-gradient(90deg, ${palette.colors.join(', ')})`;
        button.append(strip, title(palette.name));
        button.addEventListener('click', () => this.#put('palette', { palette: palette.name }));
        return button;
      }));
    if (hadFocus) {
      at('palettes').querySelector('[aria-checked="true"]')?.focus();
    }
  }

  #paletteKey(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (step !== undefined) {
      event.preventDefault();
      this.nextPalette(step);
    }
  }

  #opacityLabel() {
    at('opacityText').textContent = `${at('opacity').value} %`;
  }

  #put(what, body) {
    return this.#change('PUT', what, body);
  }

  async #change(method, what, body) {
    if (!this.#mayChange) {
      return;
    }
    try {
      await send(method, `api/v1/rigs/${encodeURIComponent(this.#rig)}/${what}`, body);
    } catch (error) {
      this.#onError(error.message);
    }
  }
}
