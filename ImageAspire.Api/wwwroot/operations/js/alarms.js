import { el } from '/js/dom.js';
import { nameOf } from './services.js';
import { clock, fill, number, when } from './show.js';
import { address } from './state.js';

// What each alarm is about, and what to do.
const KINDS = {
  'no-worker': ['No worker', 'Messages wait, and no Worker runs. Services, above, shows whether the last one stopped or died. Start one.'],
  'dependency-away': ['Dependency away', 'A service does not reach what it needs. What waits for it goes on by itself when it is back.'],
  'oldest-waiting': ['Waiting for long', 'The card of the stage says what holds it up. When nothing does, add Workers.'],
  'dead-letters': ['Dead letters', 'Messages used up their attempts. Read why; retry them when the cause is gone, or discard them.'],
  'disk-nearly-full': ['Disk nearly full', 'Empty the trash, or enlarge the disk: what is only moved to the trash frees nothing. Uploads are refused before it is full.'],
  'error-rate': ['Images fail', 'Many images fail. The dead letters say why.'],
  'damaged-originals': ['Damaged originals', 'Upload the same files again, or copy them from a backup: Stored originals, below, names them.'],
};

const DEAD = ['dead-letters', 'error-rate'];

// The open alarms that the cards and services do not already show as what holds something up.
export const alarmLines = alarms => alarms.filter(one => one.state === 'open' && !['no-worker', 'dependency-away'].includes(one.code)).map(one =>
  ({ text: one.description, link: DEAD.includes(one.code) ? address('dead-letters', one.name ? { subscription: one.name } : {}) : null }));

// Alarms that are open, and those that ended.
export function alarmsPanel(root) {
  const rows = el('ul', { class: 'rows' });
  const past = el('ul', { class: 'rows' });
  const over = el('summary');
  const before = el('details', { class: 'payload' }, over, past);
  const none = el('p', { class: 'soft' }, 'None is open.');
  const hint = el('p', { class: 'bad', hidden: true }, 'The store of alarms does not answer: these are what this Api sees, and no webhook is told.');
  root.append(el('h3', { class: 'between' }, 'Alarms'), el('section', { 'aria-label': 'Alarms', 'data-name': 'alarms' },
    el('p', { class: 'soft' }, 'Raised once, and over once the cause has been away for a while. Webhooks can be told: choose the type operations.alarm.'), hint, none, rows, before));
  return ({ items, complete }) => {
    hint.hidden = complete;
    const [open, ended] = [items.filter(one => one.state !== 'ended'), items.filter(one => one.state === 'ended')];
    none.hidden = open.length > 0;
    before.hidden = ended.length === 0;
    over.textContent = `Over, within seven days: ${number(ended.length)}`;
    fill(rows, open, one => one.id, row);
    fill(past, ended, one => one.id, row);
  };
}

function row(one) {
  const [name, todo] = KINDS[one.code] ?? [one.code, ''];
  const open = one.state !== 'ended';
  return el('li', { class: 'row', 'data-name': one.code },
    el('div', { class: 'row-head' }, el('strong', {}, name, one.name ? `: ${nameOf(one.name)}` : ''), el('span', { class: `pill ${open ? 'bad' : ''}` }, { open: 'open', ending: 'open, its cause is away', ended: 'over' }[one.state]),
      el('span', { class: 'soft' }, 'raised ', when(one.raisedAt), ` · so since ${clock(one.since)}`, one.endedAt ? ` · over at ${clock(one.endedAt)}` : '')),
    el('p', { class: open ? 'bad' : 'soft' }, one.description), open && el('p', { class: 'soft' }, todo));
}
