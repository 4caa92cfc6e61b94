/** The picture and what lies on it: held frame while switching, cover with a reason, degradation banner, head-up line. */
const MEANING = {
  VISIBLE_LOST: ['No visible camera', 'The thermal picture alone is shown.'],
  VISIBLE_FROZEN: ['Visible camera frozen', 'It repeats its last picture; the thermal picture alone is shown.'],
  INFRARED_LOST: ['No thermal camera', 'The visible picture alone is shown.'],
  FFC: ['Thermal calibration', 'The shutter is closed for a moment, or the camera repeats its picture; the last one is held.'],
  INFRARED_HELD: ['Thermal picture held', 'The thermal camera is late; its last picture is shown again.'],
  SKEW: ['Cameras out of step', 'No thermal picture of the same moment; the visible picture alone is shown.'],
  ENGINE_SLOW: ['Engine slower than the cameras', 'Its last picture stays until the next is ready.'],
  ENGINE_FALLBACK: ['Simple fusion', 'The fusion engine failed or hangs; a plain blend is shown.'],
  REGISTRATION_DOUBTFUL: ['Alignment doubtful', 'Thermal and visible edges do not agree.'],
  ENDED: ['Recording ended', 'Its last picture stays; with loop=true in their addresses recordings begin again.'],
};
const SEVERE = new Set(['VISIBLE_LOST', 'VISIBLE_FROZEN', 'INFRARED_LOST']);

const at = (id) => document.getElementById(id);

export class Screen {
  #video = at('video');
  #hold = at('hold');
  #cover = at('cover');
  #banner = at('banner');
  #shownDegradations = '';

  constructor() {
    at('screen').addEventListener('dblclick', () => this.toggleFullscreen());
    this.#video.addEventListener('resize', () => {
      at('screen').style.setProperty('--shape', `${this.#video.videoWidth} / ${this.#video.videoHeight}`);
    });
  }

  /** Keeps the last picture on the screen until the next stream shows its first. */
  holdPicture() {
    if (this.#video.videoWidth > 0 && this.#video.readyState >= 2) {
      this.#hold.width = this.#video.videoWidth;
      this.#hold.height = this.#video.videoHeight;
      this.#hold.getContext('2d').drawImage(this.#video, 0, 0);
      this.#hold.hidden = false;
    }
  }

  /** `title` null uncovers the live picture. */
  cover(title, text = '') {
    this.#cover.hidden = title === null;
    at('live').dataset.on = String(title === null);
    if (title === null) {
      this.#hold.hidden = true;
      return;
    }
    at('coverTitle').textContent = title;
    at('coverText').textContent = text;
  }

  degradations(names) {
    const key = names.join();
    if (key === this.#shownDegradations) {
      return;
    }
    this.#shownDegradations = key;
    this.#banner.hidden = names.length === 0;
    this.#banner.dataset.level = names.some((name) => SEVERE.has(name)) ? 'bad' : 'warn';
    this.#banner.replaceChildren(
      ...names.map((name) => {
        const [title, text] = MEANING[name] ?? [name.toLowerCase().replaceAll('_', ' '), ''];
        const line = document.createElement('div');
        const strong = document.createElement('b');
        strong.textContent = title;
        line.append(strong, text);
        return line;
      }));
  }

  headUp(view, fps, latency) {
    at('hudView').textContent = view;
    at('hudFps').textContent = fps;
    at('hudLatency').textContent = latency;
  }

  toggleFullscreen() {
    const screen = at('screen');
    if (document.fullscreenElement) {
      document.exitFullscreen();
    } else if (screen.requestFullscreen) {
      screen.requestFullscreen().catch(() => {});
    } else {
      // Phones of one vendor show only the video element itself in full.
      this.#video.webkitEnterFullscreen?.();
    }
  }

  /** Saves the picture on the screen as PNG; false when there is none. */
  snapshot(name) {
    if (this.#video.videoWidth === 0) {
      return false;
    }
    const canvas = document.createElement('canvas');
    canvas.width = this.#video.videoWidth;
    canvas.height = this.#video.videoHeight;
    canvas.getContext('2d').drawImage(this.#video, 0, 0);
    canvas.toBlob((blob) => {
      const link = document.createElement('a');
      link.href = URL.createObjectURL(blob);
      link.download = `${name}-${new Date().toISOString().replace(/[:.]/g, '-')}.png`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
    }, 'image/png');
    return true;
  }
}
