import { Backoff } from './backoff.js';
import { me } from './me.js';

const CLOCK_EVERY_MS = 2_000;
const SILENCE_MS = 5_000;

/**
 * The status socket: states and controls of all rigs twice a second, and the server's clock.
 * `onStatus(message)` per status; `onLink(up)` when the server goes and comes back; `onUser(user)` before each
 * connection. When the user may not look any more the link is given up.
 */
export class StatusLink {
  #url;
  #clock;
  #page;
  #socket = null;
  #backoff = new Backoff();
  #up = null;
  #heardMs = 0;

  constructor(url, clock, page) {
    this.#url = url;
    this.#clock = clock;
    this.#page = page;
    this.#connect();
    setInterval(() => this.#tick(), CLOCK_EVERY_MS);
    document.addEventListener('visibilitychange', () => this.#tick());
  }

  async #connect() {
    const user = await me();
    if (user === null) {
      this.#lost(null);
      return;
    }
    this.#page.onUser(user);
    if (!user.mayLook) {
      return;
    }
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#heardMs = performance.now();
    socket.onopen = () => {
      this.#clock.reset();
      this.#askClock();
    };
    socket.onmessage = (event) => this.#received(JSON.parse(event.data));
    socket.onclose = () => this.#lost(socket);
  }

  #received(message) {
    this.#heardMs = performance.now();
    if (message.type === 'clock') {
      this.#clock.answered(message.sent, message.server, performance.now());
    } else if (message.type === 'status') {
      this.#backoff.reset();
      this.#setUp(true);
      this.#page.onStatus(message);
    }
  }

  #lost(socket) {
    if (socket !== this.#socket) {
      return;
    }
    this.#socket = null;
    this.#setUp(false);
    setTimeout(() => this.#connect(), this.#backoff.next());
  }

  #tick() {
    if (this.#socket === null) {
      return;
    }
    if (performance.now() - this.#heardMs > SILENCE_MS && !document.hidden) {
      // A pulled cable closes no connection and ends no handshake; do not wait for TCP to notice.
      const silent = this.#socket;
      silent.onclose = null;
      silent.close();
      this.#lost(silent);
      return;
    }
    if (this.#socket.readyState === WebSocket.OPEN) {
      this.#askClock();
    }
  }

  #askClock() {
    this.#socket.send(String(performance.now()));
  }

  #setUp(up) {
    if (up !== this.#up) {
      this.#up = up;
      this.#page.onLink(up);
    }
  }
}
