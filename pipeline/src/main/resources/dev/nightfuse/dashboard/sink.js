/**
 * Media Source behind a queue: takes initialisation segments and fragments in order, appends them as fast as the
 * browser takes them, and throws old media away. Closes once, on `onFail` or by `close()`.
 */
const MAX_QUEUE = 120;
const KEEP_S = 4;
const TRIM_AT_S = 12;

export function supported() {
  return Boolean(self.ManagedMediaSource ?? self.MediaSource);
}

export class MediaSink {
  #video;
  #source;
  #url;
  #buffer = null;
  #mime = '';
  #queue = [];
  #onFail;
  #closed = false;

  constructor(video, onFail) {
    this.#video = video;
    this.#onFail = onFail;
    const Source = self.ManagedMediaSource ?? self.MediaSource;
    this.#source = new Source();
    this.#source.addEventListener('sourceopen', () => this.#drain());
    this.#url = URL.createObjectURL(this.#source);
    if (self.ManagedMediaSource) {
      video.disableRemotePlayback = true;
    }
    video.src = this.#url;
  }

  /** A new initialisation segment: at the start, and when the encoder changed size or profile. */
  init(bytes, codec) {
    this.#queue.push({ bytes, mime: `video/mp4; codecs="${codec}"` });
    this.#drain();
  }

  fragment(bytes) {
    if (this.#queue.length >= MAX_QUEUE) {
      this.#fail('the browser takes no video');
      return;
    }
    this.#queue.push({ bytes, mime: '' });
    this.#drain();
  }

  /** End of the buffered media in seconds, or NaN. */
  get edgeS() {
    const ranges = this.#buffer?.buffered;
    return ranges && ranges.length > 0 ? ranges.end(ranges.length - 1) : NaN;
  }

  close() {
    this.#closed = true;
    this.#queue = [];
    URL.revokeObjectURL(this.#url);
  }

  #drain() {
    if (this.#closed || this.#source.readyState !== 'open' || this.#buffer?.updating || this.#queue.length === 0) {
      return;
    }
    try {
      if (this.#queue[0].mime) {
        this.#configure(this.#queue[0].mime);
        this.#append([this.#queue.shift().bytes]);
        return;
      }
      if (this.#buffer === null) {
        this.#queue = [];
        return;
      }
      if (this.#trim()) {
        return;
      }
      const next = this.#queue.findIndex((entry) => entry.mime);
      this.#append(this.#queue.splice(0, next < 0 ? this.#queue.length : next).map((entry) => entry.bytes));
    } catch (error) {
      if (error.name === 'QuotaExceededError' && this.#trim(0)) {
        return;
      }
      this.#fail(error.message);
    }
  }

  #configure(mime) {
    if (this.#buffer === null) {
      this.#buffer = this.#source.addSourceBuffer(mime);
      this.#buffer.addEventListener('updateend', () => this.#drain());
      this.#buffer.addEventListener('error', () => this.#fail('the video stream is damaged'));
    } else if (mime !== this.#mime) {
      this.#buffer.changeType(mime);
    }
    this.#mime = mime;
  }

  #append(parts) {
    if (parts.length === 1) {
      this.#buffer.appendBuffer(parts[0]);
      return;
    }
    const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      joined.set(part, at);
      at += part.length;
    }
    this.#buffer.appendBuffer(joined);
  }

  /** Removes what lies well behind the position; true when the buffer is busy with it. */
  #trim(atS = TRIM_AT_S) {
    const ranges = this.#buffer.buffered;
    const keepFromS = this.#video.currentTime - KEEP_S;
    if (ranges.length === 0 || keepFromS <= ranges.start(0) || this.#video.currentTime - ranges.start(0) < atS) {
      return false;
    }
    this.#buffer.remove(ranges.start(0), keepFromS);
    return true;
  }

  #fail(reason) {
    if (!this.#closed) {
      this.close();
      this.#onFail(reason);
    }
  }
}
