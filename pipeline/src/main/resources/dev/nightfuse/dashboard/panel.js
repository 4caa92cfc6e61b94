/** Figures, cameras and system facts of the rig that is shown. */
const at = (id) => document.getElementById(id);

const CAMERA = {
  READY: ['Live', 'ok'],
  CONNECTING: ['Connecting', 'warn'],
  FFC: ['Calibrating', 'warn'],
  FROZEN: ['Frozen', 'bad'],
  LOST: ['Lost', 'bad'],
  ENDED: ['Ended', 'warn'],
};

const HEALTH = {
  ok: ['Running', 'ok'],
  degraded: ['Degraded', 'warn'],
  starting: ['Starting', 'warn'],
  failed: ['Failed', 'bad'],
};

const round = (value, digits = 0) => (Number.isFinite(value) ? value.toFixed(digits) : '\u2013');
const count = (value) => value.toLocaleString('en-US');

export function duration(ms) {
  const s = Math.floor(ms / 1000);
  const parts = [Math.floor(s / 86400), Math.floor(s / 3600) % 24, Math.floor(s / 60) % 60, s % 60];
  if (parts[0] > 0) {
    return `${parts[0]} d ${parts[1]} h`;
  }
  return parts[1] > 0 ? `${parts[1]} h ${parts[2]} min` : `${parts[2]} min ${parts[3]} s`;
}

export function megabytes(bytes) {
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

export function health(state) {
  const [text, level] = HEALTH[state] ?? [state, 'warn'];
  at('health').dataset.level = level;
  at('healthText').textContent = text;
}

function set(id, text, level = '') {
  const element = at(id);
  element.textContent = text;
  element.closest('div').dataset.level = level;
}

export function figures(rig, view, lostHere) {
  const send = rig.captureToSendMs;
  set('send', send ? `${round(send.p50)} / ${round(send.p95)}` : round(), send?.p95 > 100 ? 'warn' : '');
  set('skew', round(rig.skewMs?.p95, 1));
  const stageDrops = rig.stages.reduce((sum, stage) => sum + stage.dropped, 0);
  const stream = rig.streams.find((entry) => entry.view === view);
  const viewerDrops = stream?.dropped ?? 0;
  set('drops', count(stageDrops + viewerDrops));
  at('dropsNote').textContent = `${count(stageDrops)} pipeline, ${count(lostHere)} here`;
  set('viewers', String(rig.streams.reduce((sum, entry) => sum + entry.viewers, 0)));
  at('viewersNote').textContent = stream ? `${stream.viewers} of this view` : '';
}

/** What this browser measured itself. */
export function measured(fps, glassMs) {
  set('fps', round(fps, 1), fps < 1 ? 'bad' : '');
  set('glass', round(glassMs), glassMs > 250 ? 'warn' : '');
}

export function cameras(rig) {
  const rows = [['Visible', rig.visible], ['Thermal', rig.infrared]];
  at('cameras').replaceChildren(
    ...rows.map(([label, camera]) => {
      const item = document.createElement('li');
      const name = document.createElement('b');
      name.textContent = label;
      const [text, level] = CAMERA[camera.state] ?? [camera.state, 'warn'];
      const pill = document.createElement('span');
      pill.className = 'pill';
      pill.dataset.level = level;
      const dot = document.createElement('span');
      dot.className = 'dot';
      pill.append(dot, text);
      const note = document.createElement('small');
      const facts = [`${round(camera.fps, 1)} fps`, `${count(camera.unmatched)} unmatched`];
      if (camera.leftOut > 0) {
        facts.push(`${count(camera.leftOut)} left out`);
        note.title = 'Left out: newer frames overtook them while the rig was busy';
      }
      if (camera.lost > 0) {
        facts.push(`${count(camera.lost)} lost`);
      }
      if (camera.reconnects > 0) {
        facts.push(`${count(camera.reconnects)} reconnects`);
      }
      note.textContent = camera.message || facts.join(' \u00b7 ');
      const uri = document.createElement('small');
      uri.textContent = camera.uri;
      item.append(name, pill, note, uri);
      return item;
    }));
}

export function facts(status, rig, view) {
  const stream = rig.streams.find((entry) => entry.view === view);
  const rows = [
    ['Engine', rig.engine],
    ['Model', rig.model],
    ['Encoder', stream?.encoder || '\u2013'],
    ['Bit rate', stream ? `${round(stream.kbitPerS / 1000, 2)} Mbit/s` : '\u2013'],
    ['Picture', `${rig.widthPx} \u00d7 ${rig.heightPx}`],
    ['Fused frames', `${count(rig.fusedFrames)} at ${round(rig.fusedFps, 1)} fps`],
    ['Running for', duration(status.uptimeMs)],
    ['Version', status.version],
  ];
  at('facts').replaceChildren(
    ...rows.map(([term, text]) => {
      const row = document.createElement('div');
      const dt = document.createElement('dt');
      const dd = document.createElement('dd');
      dt.textContent = term;
      dd.textContent = text;
      row.append(dt, dd);
      return row;
    }));
  at('stages').replaceChildren(
    ...rig.stages.map((stage) => {
      const row = document.createElement('tr');
      const cells = [stage.name, count(stage.processed), count(stage.dropped),
        round(stage.durationMs?.p50, 1), round(stage.durationMs?.p95, 1)];
      row.append(...cells.map((text) => {
        const cell = document.createElement('td');
        cell.textContent = text;
        return cell;
      }));
      return row;
    }));
}

/** Latency of the last minute: median line over a band up to the highest value of each second. */
export function chart(seconds) {
  const canvas = at('chart');
  const pen = canvas.getContext('2d');
  const { width, height } = canvas;
  pen.clearRect(0, 0, width, height);
  const top = Math.max(150, ...seconds.map((second) => second.max)) * 1.1;
  const y = (ms) => height - (ms / top) * height;
  const x = (i) => (i / 59) * width;
  pen.strokeStyle = '#2a3640';
  pen.setLineDash([6, 8]);
  pen.lineWidth = 2;
  pen.beginPath();
  pen.moveTo(0, y(150));
  pen.lineTo(width, y(150));
  pen.stroke();
  pen.setLineDash([]);
  pen.fillStyle = '#74828f';
  pen.font = '20px system-ui, sans-serif';
  pen.fillText('150 ms', 8, y(150) + 24);
  const first = 60 - seconds.length;
  pen.fillStyle = 'rgba(63, 182, 242, .22)';
  pen.beginPath();
  pen.moveTo(x(first), height);
  seconds.forEach((second, i) => pen.lineTo(x(first + i), y(second.max)));
  pen.lineTo(width, height);
  pen.fill();
  pen.strokeStyle = '#3fb6f2';
  pen.lineWidth = 3;
  pen.lineJoin = 'round';
  pen.beginPath();
  seconds.forEach((second, i) => pen.lineTo(x(first + i), y(second.median)));
  pen.stroke();
}
