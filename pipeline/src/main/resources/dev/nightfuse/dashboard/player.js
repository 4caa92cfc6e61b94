import { Backoff } from './backoff.js';
import { Follower } from './follow.js';
import { MediaSink } from './sink.js';
import { INIT, PICTURE, codecOf, parse } from './wire.js';

const HIDDEN_CLOSE_MS = 10_000;
const SILENCE_MS = 3_000;
const CONNECT_MS = 5_000;
const CONTROL_MS = 100;

/** Close codes the server uses, in words for the operator. */
const CLOSED = {
  1001: 'The server is stopping',
  1008: 'This connection is too slow for the video',
  1012: 'The video stream restarts',
  1013: 'No picture from this view yet',
};

/**
 * Plays one view live and never gives up: reconnects with back-off, rests while the page is hidden.
 *
 * States given to `onState(state, reason)`: connecting, playing, waiting (connected, no new pictures), retrying.
 * `onPicture({mediaS, shownMs, captureMs})` is called for every picture that reaches the screen.
 */
export class Player {
  #video;
  #onState;
  #onPicture;
  #url = null;
  #socket = null;
  #sink = null;
  #follower = new Follower();
  #backoff = new Backoff();
  #retryTimer = 0;
  #hiddenTimer = 0;
  #state = '';
  #lastMessageMs = 0;
  #lastPresentedMs = 0;
  #captures = [];
  #sequence = -1;
  #lost = 0;
  #received = 0;
  #receivedBytes = 0;

  constructor(video, onState, onPicture) {
    this.#video = video;
    this.#onState = onState;
    this.#onPicture = onPicture;
    setInterval(() => this.#control(), CONTROL_MS);
    document.addEventListener('visibilitychange', () => this.#visibility());
    if ('requestVideoFrameCallback' in video) {
      video.requestVideoFrameCallback((now, frame) => this.#presented(now, frame));
    } else {
      video.addEventListener('timeupdate', () =>
        this.#shown(video.currentTime, performance.now()));
    }
  }

  /** Shows the stream of this address instead of the one before. */
  play(url) {
    this.#url = url;
    this.#backoff.reset();
    this.#connect();
  }

  /** Leaves the server alone until the next play(). */
  stop() {
    this.#url = null;
    this.#disconnect();
  }

  /** The server is known to be back: tries again now if it waits to, or on a connection that went with the network. */
  nudge() {
    const silent = this.#socket !== null && performance.now() - this.#lastMessageMs > SILENCE_MS;
    if (this.#retryTimer !== 0 || silent) {
      this.#backoff.reset();
      this.#connect();
    }
  }

  /** Counters since the page was opened, and the distance behind the newest picture in seconds. */
  get figures() {
    const edge = this.#sink?.edgeS ?? NaN;
    return {
      received: this.#received,
      receivedBytes: this.#receivedBytes,
      lost: this.#lost,
      behindS: edge - this.#video.currentTime,
      targetS: this.#follower.targetS,
      rate: this.#video.playbackRate,
    };
  }

  #connect() {
    this.#disconnect();
    if (this.#url === null || document.hidden) {
      return;
    }
    this.#setState('connecting', '');
    this.#follower.reset();
    this.#captures = [];
    this.#sequence = -1;
    const sink = new MediaSink(this.#video, (reason) => this.#retry(reason));
    const socket = new WebSocket(this.#url);
    socket.binaryType = 'arraybuffer';
    socket.onmessage = (event) => this.#message(event.data);
    socket.onclose = (event) => this.#retry(CLOSED[event.code] ?? 'The connection was lost');
    this.#sink = sink;
    this.#socket = socket;
    this.#lastMessageMs = performance.now();
  }

  #disconnect() {
    clearTimeout(this.#retryTimer);
    this.#retryTimer = 0;
    if (this.#socket !== null) {
      this.#socket.onmessage = null;
      this.#socket.onclose = null;
      this.#socket.close();
      this.#socket = null;
    }
    this.#sink?.close();
    this.#sink = null;
  }

  #retry(reason) {
    this.#disconnect();
    this.#setState('retrying', reason);
    this.#retryTimer = setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #message(buffer) {
    const message = parse(buffer);
    const nowMs = performance.now();
    this.#lastMessageMs = nowMs;
    this.#receivedBytes += buffer.byteLength;
    if (message.kind === INIT) {
      const codec = codecOf(message.body);
      if (codec === null || !(self.ManagedMediaSource ?? self.MediaSource).isTypeSupported(`video/mp4; codecs="${codec}"`)) {
        this.#retry(`This browser cannot play ${codec ?? 'the video'}`);
        return;
      }
      this.#sink.init(message.body, codec);
    } else if (message.kind === PICTURE) {
      if (this.#sequence >= 0) {
        this.#lost += Math.max(0, ((message.sequence - this.#sequence) >>> 0) - 1);
      }
      this.#sequence = message.sequence;
      this.#received++;
      this.#follower.arrived(nowMs / 1000, message.mediaS);
      this.#captures.push(message);
      if (this.#captures.length > 300) {
        this.#captures.shift();
      }
      this.#sink.fragment(message.body);
      message.body = null;
      if (this.#video.paused) {
        this.#start();
      }
    }
  }

  #start() {
    // Muted video may start by itself; a refusal (power saving) is tried again with the next picture.
    this.#video.play().catch(() => {});
  }

  /** Ten times a second: keep close to live, notice silence. */
  #control() {
    const nowMs = performance.now();
    if (this.#sink === null || document.hidden) {
      return;
    }
    const edgeS = this.#sink.edgeS;
    if (!Number.isNaN(edgeS) && !this.#video.seeking) {
      const action = this.#follower.decide(this.#video.currentTime, edgeS);
      if (action.seekS !== undefined) {
        this.#video.currentTime = action.seekS;
        this.#video.playbackRate = 1;
      } else if (Math.abs(action.rate - this.#video.playbackRate) > 0.01) {
        this.#video.playbackRate = action.rate;
      }
    }
    const silentMs = nowMs - this.#lastMessageMs;
    if (this.#socket.readyState === WebSocket.CONNECTING && silentMs > CONNECT_MS) {
      this.#retry('The server does not answer');
      return;
    }
    // A connection that died while the computer slept: nothing is sent on it that would show that.
    if (this.#sequence >= 0 && silentMs > SILENCE_MS) {
      this.#retry('No new pictures');
      return;
    }
    const unseenMs = nowMs - Math.max(this.#lastPresentedMs, 0);
    if (this.#state === 'playing' && (silentMs > 1000 || unseenMs > 1000)) {
      this.#setState('waiting', 'No new pictures');
    }
    // Pictures come but none is shown: the decoder hangs on something that only a new start clears.
    if (silentMs < 1000 && this.#received > 0 && unseenMs > SILENCE_MS && this.#state === 'waiting') {
      this.#retry('The picture stood still');
    }
  }

  #presented(nowMs, frame) {
    this.#shown(frame.mediaTime, Math.max(nowMs, frame.expectedDisplayTime));
    this.#video.requestVideoFrameCallback((now, next) => this.#presented(now, next));
  }

  #shown(mediaS, shownMs) {
    this.#lastPresentedMs = performance.now();
    if (this.#state !== 'playing' && this.#socket !== null) {
      this.#backoff.reset();
      this.#setState('playing', '');
    }
    // The picture on the screen is the last one that began at or before its media time.
    for (let i = this.#captures.length - 1; i >= 0; i--) {
      if (this.#captures[i].mediaS <= mediaS + this.#follower.periodS / 2) {
        this.#onPicture({ mediaS, shownMs, captureMs: this.#captures[i].captureMs });
        return;
      }
    }
  }

  #visibility() {
    clearTimeout(this.#hiddenTimer);
    if (document.hidden) {
      this.#hiddenTimer = setTimeout(() => this.#disconnect(), HIDDEN_CLOSE_MS);
    } else if (this.#socket === null) {
      this.#backoff.reset();
      this.#connect();
    } else {
      this.#lastPresentedMs = performance.now();
      this.#start();
    }
  }

  #setState(state, reason) {
    if (state !== this.#state || reason) {
      this.#state = state;
      this.#onState(state, reason);
    }
  }
}
