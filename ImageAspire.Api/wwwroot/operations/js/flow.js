import { call } from '/js/api.js';
import { bytes, el, toast } from '/js/dom.js';
import { alarmLines, alarmsPanel } from './alarms.js';
import { ask, busy } from './ask.js';
import { backupsPanel } from './backups.js';
import { sparkline } from './charts.js';
import { sentence, stateOf, warnings } from './holdups.js';
import { poll } from './poll.js';
import { scrubPanel } from './scrub.js';
import { servicesPanel } from './services.js';
import { age, heading, number } from './show.js';
import { address } from './state.js';
import { stageRuns } from './stage-runs.js';

export const title = 'Flow';

const HISTORY = 150; // looks: five minutes
const TODAY = 10_000;

export function show(root) {
  const cards = new Map();
  const received = el('strong', { class: 'figure' }, '…');
  const today = el('dl', { class: 'facts-op' });
  const path = el('ol', { class: 'path' },
    el('li', { class: 'stage' }, el('article', { class: 'card-op', 'aria-label': 'ReceiveImage' },
      el('h3', {}, 'ReceiveImage'), el('p', { class: 'soft' }, 'takes uploads'),
      el('div', { class: 'waiting' }, received, el('span', { class: 'soft' }, 'a minute')), today)));
  const listeners = el('ul', { class: 'listeners' });
  const alarm = el('div', { class: 'alarm', role: 'status', hidden: true });
  root.append(heading('The path of an image', 'Each stage has its own subscription: it waits, retries and fails for itself.'),
    alarm, path, el('h3', { class: 'between' }, 'Listening along the way'), listeners);

  const services = servicesPanel(root);
  const alarms = alarmsPanel(root);
  let here = { dependencies: [] };
  let raised = [];
  let known = [];
  const runs = stageRuns(cards);
  // For itself: who is there is seen also while the stores, and with them the counts, do not answer.
  const presence = poll(async signal => {
    const [list, who] = await Promise.all([call('/api/operations/alarms', { signal }), call('/api/operations/services', { signal })]);
    here = who;
    raised = list.items;
    services(here);
    alarms(list);
    warn(alarm, known, here, raised);
  });
  // A stage that can be run again has a result on the image: it is on the path. A subscription without a stage is shown last.
  const polling = poll(async signal => {
    const [{ items: stages }, { items }] = await Promise.all([
      call('/api/operations/stages', { signal }), call('/api/operations/subscriptions', { signal })]);
    known = items;
    for (const stage of stages) add(stage, stage.reprocessable ? path : listeners);
    for (const one of items) {
      add({ name: one.name, stage: one.name, summary: '' }, listeners);
      cards.get(one.name).update(one);
    }
    runs.update(stages);
    const first = stages.find(stage => stage.eventTypes?.includes('image.received'));
    const arrived = items.find(one => one.name === first?.name)?.arrivedPerMinute;
    received.textContent = arrived === undefined ? '–' : rate(arrived);
    warn(alarm, items, here, raised);
    countDead(items);
  });
  const figures = poll(signal => showToday(today, signal), TODAY);
  const scrub = scrubPanel(root);
  const backups = backupsPanel(root);
  runs.changed = polling.now;
  return () => { presence.stop(); polling.stop(); figures.stop(); scrub.stop(); backups.stop(); };

  function add(stage, list) {
    if (cards.has(stage.name)) return;
    const made = card(stage, list === path, () => polling.now());
    cards.set(stage.name, made);
    list.append(made.node);
  }
}

// The reports' figures of this day (UTC); a key that operates need not be one that reads.
async function showToday(list, signal) {
  const now = new Date().toISOString().slice(0, 10);
  const answer = await call(`/api/reports/daily?from=${now}&to=${now}`, { signal }).catch(error => {
    if (error.status === 403) return null;
    throw error;
  });
  const day = answer?.items[0] ?? {};
  const room = await call('/api/operations/storage', { signal });
  const rows = answer === null ? [] : [['Today', `${number(day.received ?? 0)} images`], ['', bytes(day.bytes ?? 0)], ['Analyzed', number(day.analyzed ?? 0)],
    ['Rejected', number(day.rejected ?? 0)], ['Failures', `${number(day.failed ?? 0)}, retried ones too`]];
  if (room.roomBytes !== undefined) rows.push(['Room', bytes(Math.max(0, room.roomBytes))]);
  if (room.fullInSeconds !== undefined) rows.push(['', `full in about ${age(room.fullInSeconds)}, at the rate of the last ${age(room.overSeconds)}`]);
  list.replaceChildren(...rows.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
}

// A tenth matters only of few.
const rate = value => number(value < 10 ? value : Math.round(value));

// What needs attention, above all figures.
function warn(alarm, items, here, raised) {
  const all = [...warnings(items, here).map(text => ({ text })), ...alarmLines(raised)];
  alarm.hidden = all.length === 0;
  if (alarm.textContent !== all.map(one => one.text).join('')) alarm.replaceChildren(...all.map(({ text, link }) => el('p', {}, link ? el('a', { href: link }, text) : text)));
}

export function countDead(items) {
  const dead = items.reduce((sum, one) => sum + one.deadLettered, 0);
  const badge = document.getElementById('dead-count');
  badge.hidden = dead === 0;
  badge.textContent = number(dead);
}

function card(one, onPath, changed) {
  const figure = el('strong', { class: 'figure' }, '…');
  const state = el('span', { class: 'pill' }, '…');
  const trend = el('div', { class: 'trend', 'aria-hidden': 'true' });
  const facts = el('dl', { class: 'facts-op' });
  const why = el('p', { class: 'why', hidden: true });
  const toggle = el('button', { hidden: true, title: 'Paused, it collects messages and works on none, until it is resumed' }, 'Pause');
  const actions = el('div', { class: 'actions' }, toggle);
  const runs = el('div', { class: 'runs' });
  const article = el('article', { class: 'card-op', 'aria-label': one.stage, 'data-name': one.name },
    el('div', { class: 'top' }, el('h3', {}, one.stage), state), el('p', { class: 'soft' }, one.summary), why,
    el('div', { class: 'waiting' }, figure, el('span', { class: 'soft' }, 'waiting'), trend), facts, actions, runs);
  const node = el('li', { class: onPath ? 'stage' : '' }, onPath && el('span', { class: 'event' }, one.eventTypes?.join(', ') ?? 'every event'), article);
  const history = [];
  const made = { node, actions, runs, update };
  let last = null;
  toggle.addEventListener('click', () => busy(toggle, () => switchTo(last, changed)));

  function update(now) {
    last = now;
    history.push(now.waiting);
    if (history.length > HISTORY) history.shift();
    figure.textContent = number(now.waiting);
    article.classList.toggle('paused', now.paused);
    const [kind, text] = stateOf(now, history.length > 1 && now.waiting > history[0]);
    state.className = `pill ${kind}`;
    state.textContent = text;
    const reason = now.heldUpBy ? sentence(now.heldUpBy) : '';
    why.hidden = reason === '';
    if (why.textContent !== reason) why.textContent = reason;
    toggle.hidden = false;
    toggle.textContent = now.paused ? 'Resume' : 'Pause';
    toggle.classList.toggle('strong', now.paused);
    trend.replaceChildren(sparkline(history));
    const rows = [
      ['In flight', number(now.inFlight), 'being worked on'], ['Scheduled', number(now.scheduled), 'to be tried again later'],
      ['Oldest', now.oldestAgeSeconds === undefined ? '–' : age(now.oldestAgeSeconds), 'since it was published'],
      now.waitingDoneInSeconds !== undefined && ['Ends', `in about ${age(now.waitingDoneInSeconds)}`, 'what waits now, at the present rate'],
      ['Done', now.completedPerMinute === undefined ? 'measuring…' : `${rate(now.completedPerMinute)} a minute`, ''],
      ['Dead letters', now.deadLettered === 0 ? '0'
        : el('a', { href: address('dead-letters', { subscription: now.name }), class: 'bad' }, number(now.deadLettered)), 'gave up; wait for an operator'],
    ];
    facts.replaceChildren(...rows.filter(Boolean).flatMap(([name, value, meaning]) =>
      [el('dt', {}, name), el('dd', {}, value, meaning && el('span', { class: 'soft' }, ` ${meaning}`))]));
  }
  return made;
}

async function switchTo(one, changed) {
  const pausing = !one.paused;
  if (pausing && !await ask({
    title: `Pause ${one.name}?`, action: 'Pause',
    text: 'Running work finishes. New messages are collected and none is delivered, also after a restart, until you resume. Nothing is lost.',
  })) return;
  await call(`/api/operations/subscriptions/${encodeURIComponent(one.name)}/${pausing ? 'pause' : 'resume'}`, { method: 'POST' });
  toast(pausing ? `${one.name} is paused.` : `${one.name} goes on.`);
  changed();
}
