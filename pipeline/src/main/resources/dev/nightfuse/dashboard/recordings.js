import { base } from './address.js';
import { duration, megabytes } from './panel.js';
import { send } from './request.js';

const PAGE = 100;

const at = (id) => document.getElementById(id);
const address = (rig, name) =>
  `api/v1/rigs/${encodeURIComponent(rig)}/recordings${name ? `/${encodeURIComponent(name)}` : ''}`;
const when = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'medium' });
const plural = (count, one) => `${count.toLocaleString('en-US')} ${one}${count === 1 ? '' : 's'}`;

function element(tag, className, text) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The dialog of a rig's recordings: a list to play, download, keep and delete from. */
export class Recordings {
  #rig = '';
  #state = '';
  #mayChange = true;
  #shown = [];
  #older = false;
  #asked = 0;
  #playing = '';
  #onError;

  constructor(onError) {
    this.#onError = onError;
    at('recordings').addEventListener('close', () => this.#stop());
    at('recordingsButton').addEventListener('click', () => this.open());
    at('recordingsClose').addEventListener('click', () => at('recordings').close());
    at('recordingsOlder').addEventListener('click', () => this.#more());
    at('recordingsList').addEventListener('click', (event) => {
      const button = event.target.closest('button[data-do]');
      if (button) {
        this.#do(button.dataset.do, button.closest('li').dataset.name);
      }
    });
    at('deleteCancel').addEventListener('click', () => at('deleteDialog').close());
    at('deleteConfirm').addEventListener('click', () => {
      const { rig, name } = at('deleteDialog').dataset;
      at('deleteDialog').close();
      this.#delete(rig, name);
    });
    at('recordingVideo').addEventListener('error', () => {
      if (this.#playing) {
        this.#onError('The recording cannot be played');
      }
    });
  }

  /** The rig and its recorder as the server told them: a file that begins, ends or goes changes the list. */
  show(rig, recording) {
    const state = [rig, recording.active, recording.file, recording.deleted].join('|');
    if (state !== this.#state) {
      if (rig !== this.#rig) {
        at('deleteDialog').close();
        at('recordings').close();
      }
      this.#rig = rig;
      this.#state = state;
      if (at('recordings').open) {
        this.#refresh();
      }
    }
  }

  /** Whether the server takes changes from this page's user. */
  allow(mayChange) {
    this.#mayChange = mayChange;
    this.#draw();
  }

  open() {
    if (this.#rig && !at('recordings').open) {
      at('recordingsTitle').textContent = `Recordings of ${this.#rig}`;
      at('recordingsTotal').textContent = '';
      this.#shown = [];
      this.#older = false;
      this.#draw();
      at('recordings').showModal();
      this.#refresh();
    }
  }

  /** The list again, as long as it is now. */
  #refresh() {
    return this.#load('', Math.max(PAGE, this.#shown.length));
  }

  #more() {
    return this.#load(this.#shown[this.#shown.length - 1].name, PAGE);
  }

  async #load(before, wanted) {
    const asked = ++this.#asked;
    const rig = this.#rig;
    let found = [];
    let page;
    try {
      do {
        const last = found.length > 0 ? found[found.length - 1].name : before;
        const limit = Math.min(500, wanted - found.length);
        page = await send('GET', `${address(rig)}?limit=${limit}&before=${encodeURIComponent(last)}`);
        found = found.concat(page.recordings);
      } while (page.older && found.length < wanted);
    } catch (error) {
      this.#onError(error.message);
      return;
    }
    // A later question has a later answer.
    if (asked === this.#asked) {
      this.#shown = before ? this.#shown.concat(found) : found;
      this.#older = page.older;
      at('recordingsTotal').textContent = this.#total(page);
      this.#draw();
    }
  }

  #total(page) {
    const kept = page.keptFiles > 0 ? ` (${megabytes(page.keptBytes)} of them kept)` : '';
    return `${plural(page.files, 'file')}, ${megabytes(page.bytes)}${kept}; ${megabytes(page.freeBytes)} free on the disk`;
  }

  #draw() {
    const list = at('recordingsList');
    const focused = document.activeElement?.closest('#recordingsList button, #recordingsList a');
    const place = focused && [focused.closest('li').dataset.name, focused.dataset.do];
    list.replaceChildren(...this.#shown.map((recording) => this.#row(recording)));
    at('recordingsNone').hidden = this.#shown.length > 0;
    at('recordingsOlder').hidden = !this.#older;
    if (place) {
      const row = [...list.children].find((item) => item.dataset.name === place[0]);
      (row?.querySelector(`[data-do="${place[1]}"]`) ?? at('recordingsClose')).focus();
    }
  }

  #row(recording) {
    const item = element('li', '', '');
    item.dataset.name = recording.name;
    item.setAttribute('aria-current', String(recording.name === this.#playing));
    const time = when.format(new Date(recording.start));
    const title = element('b', '', time);
    if (recording.active) {
      title.append(element('span', 'pill rec', 'Recording'));
    } else if (recording.kept) {
      title.append(element('span', 'pill', 'Kept'));
    }
    const facts = [recording.view];
    if (!recording.active) {
      facts.unshift(megabytes(recording.bytes));
    }
    if (recording.durationMs !== null) {
      facts.unshift(duration(recording.durationMs));
    }
    const actions = element('div', 'rowactions', '');
    const button = (what, text, label) => {
      const made = element('button', 'action', text);
      made.type = 'button';
      made.dataset.do = what;
      made.setAttribute('aria-label', `${label} ${time}`);
      actions.append(made);
    };
    button('play', 'Play', 'Play');
    const link = element('a', 'action', 'Download');
    link.href = base + address(this.#rig, recording.name);
    link.download = `${this.#rig}_${recording.name}`;
    link.dataset.do = 'download';
    link.setAttribute('aria-label', `Download ${time}`);
    actions.append(link);
    if (this.#mayChange && !recording.active) {
      button('keep', recording.kept ? 'Release' : 'Keep', recording.kept ? 'No longer keep' : 'Keep from deletion');
      button('delete', 'Delete', 'Delete');
    }
    item.append(title, element('small', '', facts.join(' \u00b7 ')), actions);
    return item;
  }

  #do(what, name) {
    const recording = this.#shown.find((entry) => entry.name === name);
    if (what === 'play') {
      this.#play(recording);
    } else if (what === 'keep') {
      this.#change('PUT', this.#rig, name, { kept: !recording.kept });
    } else if (what === 'delete') {
      // Times, and so names, of two rigs are often the same.
      at('deleteDialog').dataset.rig = this.#rig;
      at('deleteDialog').dataset.name = name;
      at('deleteText').textContent = `${when.format(new Date(recording.start))}, ${megabytes(recording.bytes)}${recording.kept ? ', which is kept' : ''}. It cannot be brought back.`;
      at('deleteDialog').showModal();
    }
  }

  #play(recording) {
    const video = at('recordingVideo');
    this.#playing = recording.name;
    video.hidden = false;
    video.src = base + address(this.#rig, recording.name);
    video.setAttribute('aria-label', `Recording of ${when.format(new Date(recording.start))}`);
    video.play().catch(() => {});
    video.scrollIntoView({ block: 'nearest' });
    for (const item of at('recordingsList').children) {
      item.setAttribute('aria-current', String(item.dataset.name === this.#playing));
    }
  }

  #stop() {
    const video = at('recordingVideo');
    this.#playing = '';
    video.pause();
    video.removeAttribute('src');
    video.load();
    video.hidden = true;
  }

  #delete(rig, name) {
    if (name === this.#playing) {
      this.#stop();
    }
    this.#change('DELETE', rig, name);
  }

  async #change(method, rig, name, body) {
    try {
      await send(method, address(rig, name), body);
    } catch (error) {
      this.#onError(error.message);
    }
    await this.#refresh();
  }
}
