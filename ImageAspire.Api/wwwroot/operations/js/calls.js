import { el } from '/js/dom.js';
import { number, seconds } from './show.js';

// Who calls whom, and how that went over the last five minutes: where the time goes, and which call fails.
export function callsPanel(root) {
  const rows = el('tbody', {});
  const none = el('p', { class: 'soft' }, 'No calls within the last five minutes.');
  const table = el('div', { class: 'scroll', hidden: true }, el('table', {},
    el('thead', {}, el('tr', {}, ['Caller', 'Calls', 'A minute', 'Failed', 'Half within', '95 % within'].map(name => el('th', { scope: 'col' }, name)))), rows));
  root.append(el('h3', { class: 'between' }, 'Who calls whom'),
    el('section', { class: 'row', 'aria-label': 'Who calls whom', 'data-name': 'calls' }, none, table));
  return calls => {
    none.hidden = calls.length > 0;
    table.hidden = calls.length === 0;
    rows.replaceChildren(...calls.map(row));
  };
}

const row = one => el('tr', {},
  el('th', { scope: 'row' }, one.caller), el('td', {}, one.called), el('td', { class: 'number' }, number(one.perMinute)),
  el('td', { class: one.failed > 0 ? 'number bad' : 'number' }, one.failed === 0 ? '0' : `${number(one.failed)} of ${number(one.calls)}`),
  el('td', { class: 'number' }, seconds(one.p50Seconds)), el('td', { class: 'number' }, seconds(one.p95Seconds)));
