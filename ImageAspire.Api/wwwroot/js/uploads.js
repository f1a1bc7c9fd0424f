import { byId, bytes, el } from './dom.js';

// One file a request: each has its own progress, its own fate, and can be cancelled or sent again alone.
const AT_ONCE = 3;
// What is wrong with the file itself stays wrong: sending it again would not help.
const REFUSED = [400, 403, 413, 415];
const waiting = [];
const all = new Set();
let running = 0;
let onReceived = () => {};

export function startUploads(received) {
  onReceived = received;
  const drop = byId('drop');
  let depth = 0;
  addEventListener('dragenter', event => { event.preventDefault(); depth++; drop.classList.add('over'); });
  addEventListener('dragleave', () => { if (--depth <= 0) { depth = 0; drop.classList.remove('over'); } });
  addEventListener('dragover', event => event.preventDefault());
  addEventListener('drop', event => {
    event.preventDefault();
    depth = 0;
    drop.classList.remove('over');
    add(event.dataTransfer.files);
  });
  addEventListener('paste', event => add(event.clipboardData?.files ?? []));
  const chosen = byId('files');
  const take = () => { add(chosen.files); chosen.value = ''; };
  chosen.addEventListener('change', take);
  take(); // files that were chosen before this script was there
  byId('retry-failed').addEventListener('click', () => { for (const item of all) if (item.state === 'failed') queue(item); });
  byId('clear-done').addEventListener('click', () => {
    for (const item of [...all]) if (['done', 'failed', 'refused', 'cancelled'].includes(item.state)) { all.delete(item); item.row.remove(); }
    summary();
  });
  addEventListener('beforeunload', event => { if (running + waiting.length > 0) event.preventDefault(); });
}

function add(files) {
  for (const file of files) {
    const item = { file, state: 'waiting' };
    item.bar = el('progress', { max: 1, value: 0, 'aria-label': `Upload of ${file.name}` });
    item.text = el('span', { class: 'state' });
    item.button = el('button', { class: 'plain', onclick: () => item.state === 'failed' || item.state === 'cancelled' ? queue(item) : cancel(item) });
    item.row = el('li', {}, el('span', { class: 'name', title: file.name }, file.name), item.bar, item.button, item.text);
    byId('upload-list').prepend(item.row);
    all.add(item);
    queue(item);
  }
}

function queue(item) {
  show(item, 'waiting', `${bytes(item.file.size)}, waiting`);
  waiting.push(item);
  next();
}

function next() {
  while (running < AT_ONCE && waiting.length > 0) send(waiting.shift());
  summary();
}

function cancel(item) {
  const at = waiting.indexOf(item);
  if (at >= 0) waiting.splice(at, 1);
  item.request?.abort();
  show(item, 'cancelled', 'cancelled');
  next();
}

function send(item) {
  running++;
  const began = performance.now();
  const request = item.request = new XMLHttpRequest();
  request.open('POST', '/api/images');
  request.setRequestHeader('X-File-Name', encodeURIComponent(item.file.name));
  request.setRequestHeader('Content-Type', item.file.type.startsWith('image/') ? item.file.type : 'application/octet-stream');
  request.upload.onprogress = event => {
    item.bar.value = event.loaded / event.total;
    const speed = event.loaded / Math.max(1, performance.now() - began) * 1000;
    show(item, 'sending', `${bytes(event.loaded)} of ${bytes(event.total)}, ${bytes(speed)}/s`);
  };
  request.onload = () => {
    if (request.status === 401) { location.assign('/signin'); return; }
    const answer = parse(request.responseText);
    if (request.status === 202 || request.status === 200) {
      item.bar.value = 1;
      show(item, 'done', answer.duplicate ? 'already here, nothing to do' : 'received');
      onReceived(answer);
    } else {
      show(item, REFUSED.includes(request.status) ? 'refused' : 'failed', answer?.detail ?? `The server answered ${request.status}.`);
    }
  };
  request.onerror = () => show(item, 'failed', 'The connection broke. Nothing was stored; send it again.');
  request.onloadend = () => { running--; item.request = undefined; next(); };
  show(item, 'sending', 'sending');
  request.send(item.file);
}

const parse = text => { try { return JSON.parse(text); } catch { return null; } };

function show(item, state, text) {
  item.state = state;
  item.text.textContent = text;
  item.row.className = state;
  item.button.textContent = state === 'failed' || state === 'cancelled' ? 'Retry' : 'Cancel';
  item.button.hidden = state === 'done' || state === 'refused';
}

function summary() {
  const count = state => [...all].filter(item => item.state === state).length;
  byId('uploads').hidden = all.size === 0;
  byId('retry-failed').hidden = count('failed') === 0;
  const parts = [`${count('done')} of ${all.size} received`];
  if (count('refused') > 0) parts.push(`${count('refused')} refused`);
  if (count('failed') > 0) parts.push(`${count('failed')} failed`);
  byId('uploads-title').textContent = parts.join(', ');
}
