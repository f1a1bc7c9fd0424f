import { byId, bytes, el, plural } from '../dom.js';

const ROW = 52;
const SPARE = 3;

// The list of uploads at the edge of the page. It may have thousands of files; only the rows in its window exist.
export function startTray(queue, open) {
  const tray = byId('uploads');
  const list = byId('upload-list');
  const rows = new Map();
  let queued = false;

  byId('retry-failed').addEventListener('click', () => queue.retryFailed());
  byId('cancel-all').addEventListener('click', () => queue.cancelAll());
  byId('clear-done').addEventListener('click', () => queue.clear());
  byId('fold-uploads').addEventListener('click', event => {
    const folded = tray.classList.toggle('folded');
    event.currentTarget.setAttribute('aria-expanded', String(!folded));
    draw();
  });
  list.addEventListener('scroll', soon, { passive: true });
  addEventListener('beforeunload', event => { if (queue.isBusy) event.preventDefault(); });

  function soon() {
    if (queued) return;
    queued = true;
    requestAnimationFrame(() => { queued = false; draw(); });
  }

  function draw() {
    tray.hidden = queue.total === 0;
    if (tray.hidden) return;
    head();
    const from = Math.max(0, Math.floor(list.scrollTop / ROW) - SPARE);
    const items = queue.slice(from, from + Math.ceil(list.clientHeight / ROW) + 2 * SPARE);
    const shown = new Map(items.map(item => [item, rows.get(item) ?? buildRow(item, queue, open)]));
    for (const [item, row] of rows) if (!shown.has(item)) { row.node.remove(); rows.delete(item); }
    let i = 0;
    const holder = list.firstElementChild;
    holder.style.height = `${queue.total * ROW}px`;
    for (const [item, row] of shown) {
      rows.set(item, row);
      row.show(item);
      row.node.style.top = `${(from + i) * ROW}px`;
      if (holder.children[i] !== row.node) holder.insertBefore(row.node, holder.children[i] ?? null);
      i++;
    }
  }

  function head() {
    const received = queue.count('received');
    const refused = queue.count('refused');
    const failed = queue.count('failed');
    byId('uploads-title').textContent = [`${received.toLocaleString()} of ${queue.total.toLocaleString()} received`,
      refused > 0 && `${refused} refused`, failed > 0 && `${failed} failed`].filter(Boolean).join(', ');
    byId('uploads-analyzed').textContent = queue.notice ?? (received > 0 ? progressOf(received) : '');
    const whole = byId('uploads-progress');
    whole.max = queue.total;
    whole.value = queue.total - queue.count('waiting') - queue.count('sending');
    byId('retry-failed').hidden = failed === 0;
    byId('cancel-all').hidden = !queue.isBusy;
    byId('clear-done').hidden = queue.isBusy;
  }

  // Images that will not be analyzed are shown too: otherwise the count would seem to wait for them.
  const progressOf = received => [`${queue.outcomes('analyzed').toLocaleString()} of ${plural(received, 'image')} analyzed`,
    ...['rejected', 'failed', 'deleted'].map(outcome => [queue.outcomes(outcome), outcome]).filter(([count]) => count > 0)
      .map(([count, outcome]) => `${count.toLocaleString()} ${outcome}`)].join(', ');
  return soon;
}

function buildRow(item, queue, open) {
  const bar = el('progress', { max: 1, value: 0, 'aria-label': `Upload of ${item.file.name}` });
  const text = el('span', { class: 'state', dir: 'auto' });
  const link = el('button', { type: 'button', class: 'link', onclick: () => open(item.image.id) }, 'Show');
  const button = el('button', { type: 'button', class: 'plain', onclick: () => {
    if (item.state === 'failed' || item.state === 'cancelled') queue.retry(item); else queue.cancel(item);
  } });
  const node = el('li', {}, el('span', { class: 'name', dir: 'auto', title: item.file.name }, item.file.name), text, bar, link, button);
  const show = () => {
    const { state } = item;
    node.className = `${state} ${item.outcome ?? ''}`;
    bar.hidden = state !== 'sending';
    if (state === 'sending') bar.value = item.loaded;
    text.textContent = describe(item);
    text.title = item.reason ?? '';
    link.hidden = !item.image;
    button.hidden = state === 'received' || state === 'refused';
    button.textContent = state === 'failed' || state === 'cancelled' ? 'Retry' : 'Cancel';
  };
  return { node, show };
}

// Received and analyzed are two facts.
const OUTCOMES = {
  received: 'received ✓ · inspecting…', inspected: 'received ✓ · analyzing…', analyzed: 'received ✓ · analyzed ✓',
  rejected: 'received ✓ · rejected: it cannot be read as an image', failed: 'received ✓ · analysis failed',
  deleted: 'received ✓ · deleted since',
};

function describe(item) {
  const size = bytes(item.file.size);
  switch (item.state) {
    case 'waiting': return `${size}, waiting`;
    case 'sending': return item.speed ? `${Math.round(item.loaded * 100)} % of ${size}, ${bytes(item.speed)}/s` : `${size}, sending`;
    case 'received': return item.image.duplicate ? 'You have this one already: nothing was stored twice.' : OUTCOMES[item.outcome] ?? 'received ✓';
    case 'cancelled': return 'cancelled';
    default: return item.reason ?? item.state;
  }
}
