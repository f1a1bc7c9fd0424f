import { bytes, el } from '/js/dom.js';
import { number } from './show.js';

const NAMES = {
  messages: 'Messages (Service Bus)', 'blob-writes': 'Blob writes', 'blob-reads': 'Blob reads', 'blob-stored': 'Stored, a month',
  'vision-tags-objects-people': 'Vision: tags, objects, people', 'vision-caption-text': 'Vision: caption, text', 'document-writes': 'Document writes',
  processor: 'Processors', memory: 'Memory', requests: 'Requests', logs: 'Logs and traces',
};

// What 1,000 images would cost in Azure: always with the word estimate, the day of each price and where it is from.
export function costPanel(estimate) {
  const money = value => new Intl.NumberFormat('en', { style: 'currency', currency: estimate.currency, maximumFractionDigits: 4 }).format(value);
  const price = line => line.price === undefined ? 'not set'
    : `${new Intl.NumberFormat('en', { style: 'currency', currency: estimate.currency, maximumFractionDigits: 8 }).format(line.price)}${line.per === 1 ? '' : ` for ${number(line.per)}`}`;
  const missing = estimate.lines.filter(line => line.price === undefined).length;
  return [
    el('h3', {}, 'Cost of 1,000 images in Azure: an estimate'),
    estimate.total === undefined
      ? el('p', {}, el('strong', {}, `No sum: ${missing} ${missing === 1 ? 'line has' : 'lines have'} no price. `), el('span', { class: 'soft' }, 'Set the prices of your region (section Prices).'))
      : el('p', {}, el('strong', { class: 'figure' }, `≈ ${money(estimate.total)}`)),
    el('p', { class: 'soft' }, (estimate.imagesMeasured > 0
      ? `From ${number(estimate.imagesMeasured)} images of these days, ${bytes(estimate.averageBytes)} each, analyzed ${number(estimate.analysesPerImage)} times each. `
      : 'No image in these days: size and analyses are assumed. ')
      + (estimate.oldestPrice ? `The oldest price is of ${estimate.oldestPrice}; check them before you rely on the sum. ` : '')
      + 'Prices and assumptions are settings (section Prices).'),
    el('div', { class: 'scroll' }, el('table', {},
      el('thead', {}, el('tr', {}, ['What', 'Basis', 'Quantity', 'Price', 'Amount', 'Price of', 'Source'].map(name => el('th', { scope: 'col' }, name)))),
      el('tbody', {}, estimate.lines.map(line => el('tr', {},
        el('th', { scope: 'row' }, NAMES[line.name] ?? line.name), el('td', {}, line.basis), el('td', { class: 'number' }, `${number(line.quantity < 100 ? line.quantity : Math.round(line.quantity))} ${line.unit}`),
        el('td', { class: 'number' }, price(line)), el('td', { class: 'number' }, line.amount === undefined ? '–' : money(line.amount)),
        el('td', { class: 'day' }, line.date ?? '–'), el('td', {}, line.source ?? 'look it up for your region')))),
      el('tfoot', {}, el('tr', {}, el('td', { colspan: '4' }, 'Sum, an estimate'), el('td', { class: 'number' }, estimate.total === undefined ? '–' : money(estimate.total)), el('td', { colspan: '2' }))))),
    el('p', { class: 'soft' }, `Not in it: ${estimate.leftOut}`),
  ];
}
