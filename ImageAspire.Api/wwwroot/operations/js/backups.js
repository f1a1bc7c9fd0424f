import { call } from '/js/api.js';
import { bytes, el } from '/js/dom.js';
import { poll } from './poll.js';
import { fill, number, time } from './show.js';

const EVERY = 10_000;

// The scheduled backups; nothing at all where there is no schedule.
export function backupsPanel(root) {
  const state = el('span', { class: 'pill' }, '…');
  const facts = el('dl', { class: 'facts-op' });
  const why = el('p', { class: 'why', hidden: true });
  const list = el('ul', { class: 'rows' });
  const head = el('h3', { class: 'between', hidden: true }, 'Backups');
  const panel = el('article', { class: 'card-op', 'aria-label': 'Backups', 'data-name': 'backups', hidden: true },
    el('div', { class: 'top' }, el('p', { class: 'soft' }, 'Made by the Worker, as scheduled.'), state), why, facts, list);
  root.append(head, panel);
  return poll(async signal => {
    const backups = await call('/api/operations/backups', { signal });
    head.hidden = panel.hidden = !backups.enabled;
    if (!backups.enabled) return;
    const failed = backups.lastError !== undefined;
    state.className = `pill ${failed ? 'bad' : backups.items.length > 0 ? 'good' : ''}`;
    state.textContent = failed ? 'the last one failed or lacks something' : backups.items.length > 0 ? 'done' : 'none yet';
    why.hidden = !failed;
    why.textContent = backups.lastError ?? '';
    const rows = [['Folder', el('code', {}, backups.folder)], ['Last attempt', backups.lastAt ? time(backups.lastAt) : 'none yet'],
      ['Next', Date.parse(backups.nextAt) <= Date.now() ? 'due now' : time(backups.nextAt)], ['Kept', `${number(backups.items.length)} of ${number(backups.keep)}`]];
    facts.replaceChildren(...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
    fill(list, backups.items, one => one.name, one => el('li', { class: 'row' }, el('div', { class: 'row-head' }, el('code', {}, one.name), time(one.takenAt)),
      el('p', {}, `${number(one.images)} images, ${bytes(one.bytes)}${one.faults > 0 ? `; ${number(one.faults)} files were missing or damaged` : ''}`)));
  }, EVERY);
}
