import { call } from '/js/api.js';
import { bytes, el } from '/js/dom.js';
import { bars, lines, ranking } from './charts.js';
import { costPanel } from './cost.js';
import { filters } from './lists.js';
import { poll } from './poll.js';
import { empty, heading, number, seconds } from './show.js';
import { state } from './state.js';

export const title = 'Reports';

const EVERY = 10_000; // figures of days do not need to be two seconds old
const MOST_NAMES = 15;

export function show(root) {
  const { from = '', to = '' } = state();
  const content = el('div', { class: 'panels' });
  const totals = el('div', { class: 'totals' });
  const cost = el('section', { class: 'panel', 'aria-label': 'Cost estimate' });
  root.append(heading('Reports', 'Days are UTC; the last thirty unless you choose. Kept up to date by events alone.'),
    filters('reports', { from, to }, [{ name: 'from', label: 'From', type: 'date' }, { name: 'to', label: 'To', type: 'date' }]),
    totals, content, cost);
  let last = '';
  const polling = poll(async signal => {
    const query = new URLSearchParams(Object.entries({ from, to }).filter(([, value]) => value));
    const [{ items }, estimate] = await Promise.all([call(`/api/reports/daily?${query}`, { signal }), call(`/api/reports/cost?${query}`, { signal })]);
    const now = JSON.stringify([items, estimate]);
    if (now === last) return; // nothing moves under a reader's eyes
    last = now;
    draw(totals, content, items, daysFrom(estimate.from, estimate.to));
    cost.replaceChildren(...costPanel(estimate));
  }, EVERY);
  return () => polling.stop();
}

// Days without any event are not in the answer; a chart shows them as what they are.
function daysFrom(from, to) {
  const days = [];
  for (let day = Date.parse(from); day <= Date.parse(to); day += 86_400_000) days.push(new Date(day).toISOString().slice(0, 10));
  return days;
}

function draw(totals, content, items, days) {
  const of = new Map(items.map(day => [day.day, day]));
  const column = name => days.map(day => of.get(day)?.[name] ?? 0);
  const sum = name => column(name).reduce((all, value) => all + value, 0);
  totals.replaceChildren(...[['Received', number(sum('received'))], ['Bytes', bytes(sum('bytes'))], ['Analyzed', number(sum('analyzed'))],
    ['Rejected', number(sum('rejected'))], ['Failed', number(sum('failed'))], ['Deleted', number(sum('deleted'))]]
    .map(([name, value]) => el('div', {}, el('strong', { class: 'figure' }, value), el('span', { class: 'soft' }, name))));
  if (items.length === 0) {
    content.replaceChildren(empty('Nothing happened in these days.', 'Figures come with the first image.'));
    return;
  }
  const durations = name => days.map(day => of.get(day)?.[name] ?? null);
  content.replaceChildren(
    panel('Images a day', bars('Images received a day', days, column('received'), number)),
    panel('Bytes a day', bars('Bytes received a day', days, column('bytes'), bytes)),
    panel('Time from upload to analyzed', lines('Time from upload to analyzed', days, [
      { name: 'half within', values: durations('timeToAnalyzedP50') }, { name: '95 % within', values: durations('timeToAnalyzedP95') }], seconds),
      el('p', { class: 'legend' }, el('span', { class: 'one' }, 'half within (p50)'), el('span', { class: 'two' }, '95 % within (p95)'))),
    panel('Why images failed or were rejected', named(items, 'failures', 'No image failed or was rejected.')),
    panel('Tags', named(items, 'tags', 'No image was analyzed.'), el('p', { class: 'soft' }, 'Of each day the twenty most frequent, added up.')));
}

const panel = (name, ...content) => el('section', { class: 'panel', 'aria-label': name }, el('h3', {}, name), content);

function named(items, member, none) {
  const sums = new Map();
  for (const day of items) for (const [name, count] of Object.entries(day[member])) sums.set(name, (sums.get(name) ?? 0) + count);
  const most = [...sums].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, MOST_NAMES);
  return most.length === 0 ? el('p', { class: 'soft' }, none) : ranking(most, number);
}
