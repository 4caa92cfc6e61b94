import { base } from './address.js';
import { Alignment } from './alignment.js';
import { ServerClock } from './clock.js';
import { Controls } from './controls.js';
import * as panel from './panel.js';
import { Player } from './player.js';
import { Recordings } from './recordings.js';
import { Screen } from './screen.js';
import { supported } from './sink.js';
import { StatusLink } from './status.js';

const VIEWS = [
  ['fused', 'Fused'],
  ['overlay', 'Overlay'],
  ['visible', 'Visible'],
  ['infrared', 'Thermal'],
  ['side-by-side', 'Side by side'],
];

const at = (id) => document.getElementById(id);
const socketBase = base.replace(/^http/, 'ws');

let rig = '';
let view = '';
let status = null;
let serverUp = null;
let loggedOut = false;
let playing = false;
let toastTimer = 0;
let pictures = [];
let seconds = [];

const clock = new ServerClock();
const screen = new Screen();
const controls = new Controls((message) => toast(message, 'bad'));
const alignment = new Alignment((message) => toast(message, 'bad'));
const recordings = new Recordings((message) => toast(message, 'bad'));
const player = new Player(at('video'), onPlayer, onPicture);

function toast(text, level = '') {
  const element = at('toast');
  // A dialog lies above everything that is not in it; one that another opens stands behind it in the page.
  ([...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body).append(element);
  element.textContent = text;
  element.dataset.level = level;
  element.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => { element.hidden = true; }, 4000);
}

/* ---- choosing rig and view; the address keeps the choice: #/rig/view ---- */

function wanted() {
  const [, wantedRig = '', wantedView = ''] = location.hash.split('/').map(decodeURIComponent);
  return { wantedRig, wantedView };
}

function choose(nextRig, nextView) {
  if (nextRig === rig && nextView === view) {
    return;
  }
  screen.holdPicture();
  rig = nextRig;
  view = nextView;
  pictures = [];
  seconds = [];
  history.replaceState(null, '', `#/${encodeURIComponent(rig)}/${view}`);
  const label = VIEWS.find(([name]) => name === view)[1];
  document.title = `${label} \u00b7 ${rig} \u00b7 Nightfuse`;
  at('video').setAttribute('aria-label', `Live video, ${label} view of ${rig}`);
  press('views', view);
  press('rigs', rig);
  controls.hints(view);
  player.play(`${socketBase}ws/${encodeURIComponent(rig)}/${view}`);
  render();
}

function press(group, value) {
  for (const button of at(group).children) {
    button.setAttribute('aria-pressed', String(button.dataset.value === value));
  }
}

function buttons(group, entries, onChoose) {
  at(group).replaceChildren(
    ...entries.map(([value, text]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.dataset.value = value;
      button.textContent = text;
      button.addEventListener('click', () => onChoose(value));
      return button;
    }));
}

function offer(rigs) {
  const names = rigs.map((entry) => entry.name);
  if (names.join() !== [...at('rigs').children].map((b) => b.dataset.value).join()) {
    buttons('rigs', names.map((name) => [name, name]), (name) => choose(name, view));
    at('rigs').hidden = names.length < 2;
    press('rigs', rig);
  }
  const current = rigs.find((entry) => entry.name === rig) ?? rigs[0];
  const offered = VIEWS.filter(([name]) => current.streams.some((stream) => stream.view === name));
  if (offered.map(([name]) => name).join() !== [...at('views').children].map((b) => b.dataset.value).join()) {
    buttons('views', offered, (name) => choose(rig, name));
    press('views', view);
  }
  return offered.map(([name]) => name);
}

/* ---- what comes from the server ---- */

function onStatus(message) {
  status = message;
  const rigs = message.status.rigs;
  if (rigs.length === 0) {
    screen.cover('No rig', 'The configuration has no rig.');
    return;
  }
  const { wantedRig, wantedView } = wanted();
  const shown = rigs.find((entry) => entry.name === (rig || wantedRig)) ?? rigs[0];
  const views = offer(rigs);
  if (rig !== shown.name || !views.includes(view)) {
    choose(shown.name, [view, wantedView, 'fused'].find((name) => views.includes(name)) ?? views[0]);
  }
  render();
}

function render() {
  const current = status?.status.rigs.find((entry) => entry.name === rig);
  if (!current || serverUp === false) {
    return;
  }
  panel.health(status.status.health);
  panel.figures(current, view, player.figures.lost);
  panel.cameras(current);
  panel.facts(status.status, current, view);
  screen.degradations(current.degradations);
  const rigControls = status.controls[rig];
  if (rigControls) {
    controls.show(rig, rigControls, current.recording);
    alignment.show(rig, rigControls.registration);
  }
  recordings.show(rig, current.recording);
  recordingLine(current.recording);
}

function recordingLine(recording) {
  at('recPill').hidden = !recording.active;
  at('recPillText').textContent = `REC ${panel.megabytes(recording.bytes)}`;
  const line = at('recLine');
  line.hidden = !recording.active && !recording.error;
  line.dataset.level = recording.error || recording.dropped > 0 ? 'bad' : '';
  const lost = recording.dropped > 0 ? `, ${recording.dropped} pictures lost: the disk is too slow` : '';
  const pairs = recording.pairs > 0 ? `, ${recording.pairs} pairs of pictures` : '';
  line.textContent = recording.error
    ? `Recording: ${recording.error}`
    : `Recording the ${recording.view} view to ${recording.file}, ${panel.megabytes(recording.bytes)}${pairs}${lost}`;
}

function onLink(up) {
  const before = serverUp;
  serverUp = up;
  document.body.dataset.server = up ? 'up' : 'gone';
  if (up) {
    if (before === false) {
      toast('The server is back');
    }
    player.nudge();
  } else {
    at('health').dataset.level = 'bad';
    at('recPill').hidden = true;
    at('recLine').hidden = true;
    screen.degradations([]);
    gone();
  }
}

function gone() {
  if (loggedOut) {
    at('healthText').textContent = 'Logged out';
    screen.cover('Logged out', 'The password has changed. Load the page again to log in.');
  } else {
    at('healthText').textContent = 'Server unreachable';
    screen.cover('Server unreachable', 'Trying again until it answers.');
  }
}

/** A viewer sees what the operator has chosen and is offered nothing that the server would refuse. */
function onUser(user) {
  loggedOut = !user.mayLook;
  if (loggedOut) {
    player.stop();
    onLink(false);
  } else {
    controls.allow(user.mayChange);
    alignment.allow(user.mayChange);
    recordings.allow(user.mayChange);
    controls.hints(view);
  }
}

function onPlayer(state, reason) {
  playing = state === 'playing';
  if (state === 'playing') {
    screen.cover(null);
  } else if (serverUp === false) {
    gone();
  } else {
    if (state === 'retrying') {
      screen.holdPicture();
    }
    const titles = { connecting: 'Connecting', waiting: 'Waiting for the picture', retrying: 'Connecting again' };
    screen.cover(titles[state], reason);
  }
}

function onPicture({ shownMs, captureMs }) {
  const latencyMs = clock.known ? clock.wallMs(shownMs) - captureMs : NaN;
  pictures.push({ shownMs, latencyMs });
  while (pictures[0].shownMs < shownMs - 2000) {
    pictures.shift();
  }
}

/* ---- figures this browser measures, once a second ---- */

setInterval(() => {
  const nowMs = performance.now();
  const recent = pictures.filter((picture) => picture.shownMs > nowMs - 2000);
  const latencies = recent.map((p) => p.latencyMs).filter(Number.isFinite).sort((a, b) => a - b);
  const fps = recent.length > 1
    ? ((recent.length - 1) * 1000) / (recent[recent.length - 1].shownMs - recent[0].shownMs)
    : 0;
  const median = latencies.length > 0 ? latencies[latencies.length >> 1] : NaN;
  panel.measured(playing ? fps : 0, playing ? median : NaN);
  const label = VIEWS.find(([name]) => name === view)?.[1] ?? '';
  screen.headUp(label, playing ? `${fps.toFixed(0)} fps` : '', playing && median ? `${median.toFixed(0)} ms` : '');
  if (playing && latencies.length > 0) {
    const last = pictures.filter((p) => p.shownMs > nowMs - 1000).map((p) => p.latencyMs).filter(Number.isFinite);
    seconds.push({ median, max: latencies[latencies.length - 1], last });
    seconds = seconds.slice(-60);
    const minute = seconds.flatMap((second) => second.last).sort((a, b) => a - b);
    at('chartNote').textContent = minute.length > 0
      ? `p50 ${minute[minute.length >> 1].toFixed(0)}, p95 ${minute[Math.min(minute.length - 1, Math.floor(minute.length * 0.95))].toFixed(0)} ms`
      : '';
    panel.chart(seconds);
  }
}, 1000);

/* ---- buttons and keys ---- */

function snapshot() {
  toast(screen.snapshot(`nightfuse-${rig}-${view}`) ? 'Picture saved' : 'There is no picture yet');
}

at('snapshot').addEventListener('click', snapshot);
at('fullscreen').addEventListener('click', () => screen.toggleFullscreen());
at('helpButton').addEventListener('click', () => at('help').showModal());
window.addEventListener('hashchange', () => {
  const { wantedRig, wantedView } = wanted();
  if (status?.status.rigs.some((r) => r.name === wantedRig && r.streams.some((s) => s.view === wantedView))) {
    choose(wantedRig, wantedView);
  }
});

document.addEventListener('keydown', (event) => {
  const typing = event.target.matches?.('input, textarea, select');
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || typing
    || document.querySelector('dialog[open]')) {
    return;
  }
  const nth = at('views').children[Number(event.key) - 1];
  const keys = {
    f: () => screen.toggleFullscreen(),
    s: snapshot,
    r: () => controls.toggleRecording(),
    l: () => recordings.open(),
    p: () => controls.nextPalette(),
    '[': () => controls.stepOpacity(-5),
    ']': () => controls.stepOpacity(5),
    '?': () => at('help').showModal(),
  };
  const action = nth ? () => nth.click() : keys[event.key.toLowerCase()];
  if (action) {
    event.preventDefault();
    action();
  }
});

/* ---- start ---- */

if (supported()) {
  new StatusLink(`${socketBase}ws/status`, clock, { onStatus, onLink, onUser });
} else {
  screen.cover('This browser cannot play the video', 'It has no Media Source. The RTSP address works in any player.');
}
