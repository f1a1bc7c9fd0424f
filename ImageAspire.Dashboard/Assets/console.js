// The console page: only new lines are asked for. Follows the end, unless somebody has scrolled up or pressed Pause.
import { connected, interval, patience, signIn, sleep } from './connection.js';

const most = 2000, near = 40;
let paused = false, running = false;

const consoleBox = () => document.querySelector('[data-console]');
const atEnd = box => box.scrollHeight - box.scrollTop - box.clientHeight < near;
const toEnd = box => { box.scrollTop = box.scrollHeight; };

async function more(box) {
  const query = new URLSearchParams({ resource: box.dataset.resource ?? '', after: box.dataset.after });
  try {
    const response = await fetch('/consolelogs/lines?' + query, { headers: { 'X-Live': '1' }, cache: 'no-store', signal: AbortSignal.timeout(patience) });
    if (response.status === 401) return signIn();
    if (!response.ok) throw new Error(response.statusText);
    connected(true);
    if (response.status === 204) return;
    const lines = new DOMParser().parseFromString(await response.text(), 'text/html').body;
    if (!box.isConnected || paused) return;
    add(box, lines, response.headers.get('X-After'));
  } catch {
    connected(false);
  }
}

function add(box, lines, after) {
  const follow = atEnd(box);
  box.append(...[...lines.children].map(line => document.importNode(line, true)));
  box.dataset.after = after;
  // Who reads further up is not disturbed, up to twice as many lines.
  const room = follow ? most : 2 * most;
  for (let surplus = box.childElementCount - room; surplus > 0; surplus--) box.firstElementChild.remove();
  if (follow) toEnd(box);
  else show(box);
  const clear = document.getElementById('console-clear');
  if (clear) {
    const address = new URL(clear.href);
    address.searchParams.set('after', after);
    clear.href = address;
  }
}

function show(box) {
  const button = document.querySelector('[data-console-end]');
  if (button) button.hidden = atEnd(box);
}

// A box that was not there before: a page was loaded, or another resource chosen.
function begin() {
  const box = consoleBox();
  const button = document.querySelector('[data-console-pause]');
  button?.setAttribute('aria-pressed', paused);
  if (!box || box.begun) return;
  box.begun = true;
  toEnd(box);
  box.addEventListener('scroll', () => show(box), { passive: true });
  keepReading();
}

async function keepReading() {
  if (running) return;
  running = true;
  for (let box; (box = consoleBox()) && !document.hidden; await sleep(interval())) if (!paused) await more(box);
  running = false;
}

document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-console-pause],[data-console-end]');
  const box = consoleBox();
  if (!button || !box) return;
  if (button.matches('[data-console-end]')) return toEnd(box);
  paused = !paused;
  button.setAttribute('aria-pressed', paused);
});
document.addEventListener('page-refreshed', begin);
document.addEventListener('visibilitychange', () => consoleBox() && keepReading());
begin();
