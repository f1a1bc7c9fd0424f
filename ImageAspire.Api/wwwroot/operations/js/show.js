import { el } from '/js/dom.js';
import { traceUrl } from './settings.js';

// Small things that several pages show.
export const number = value => value.toLocaleString('en');

export const time = value => el('time', { datetime: value, title: value }, new Date(value).toLocaleString());

// A reason of the server as a sentence of its own: some are a few words.
export const asSentence = text => (text ? `${text[0].toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}` : '');

// The time of today, the date with it of other days.
export function clock(value) {
  const then = new Date(value);
  return then.toDateString() === new Date().toDateString() ? then.toLocaleTimeString() : then.toLocaleString();
}

export const when = value => el('time', { datetime: value, title: value }, clock(value));

export function age(seconds) {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 172_800) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} days`;
}

export function seconds(value) {
  if (value < 1) return `${Math.round(value * 1000)} ms`;
  return value < 120 ? `${value.toFixed(value < 10 ? 1 : 0)} s` : age(value);
}

// The gallery opens the image over its list.
export const imageLink = (id, name) => el('a', { href: `/?image=${encodeURIComponent(id)}`, class: 'image-link' }, name ?? id);

// The settings were checked at the start of the server: the address is http or https.
export function traceOf(traceId) {
  if (!traceId) return el('span', { class: 'soft' }, 'no trace');
  return traceUrl ? el('a', { href: traceUrl.replaceAll('{traceId}', encodeURIComponent(traceId)), target: '_blank', rel: 'noopener', class: 'trace' }, traceId)
    : el('code', { class: 'trace' }, traceId);
}

export const traceIdOf = traceParent => /^[0-9a-f]{2}-([0-9a-f]{32})-/.exec(traceParent ?? '')?.[1];

export const payload = value => el('details', { class: 'payload' }, el('summary', {}, 'Payload'), el('pre', {}, JSON.stringify(value, null, 2)));

export const heading = (text, hint) => el('div', { class: 'heading' }, el('h2', {}, text), hint && el('p', { class: 'soft' }, hint));

export const empty = (title, text) => el('div', { class: 'empty' }, el('p', {}, el('strong', {}, title)), el('p', {}, text));

// Shows items in order and leaves the nodes of those that did not change alone, so that focus and opened payloads stay.
export function fill(parent, items, keyOf, make) {
  const old = new Map([...parent.children].map(node => [node.dataset.key, node]));
  const nodes = items.map(item => {
    const key = keyOf(item);
    const content = JSON.stringify(item);
    const known = old.get(key);
    if (known && (known.content === content || known.querySelector('form'))) return known; // a form in use is kept
    const node = make(item);
    node.dataset.key = key;
    node.content = content;
    return node;
  });
  const kept = new Set(nodes);
  for (const node of [...parent.children]) if (!kept.has(node)) node.remove();
  let next = parent.firstElementChild;
  for (const node of nodes) {
    if (node === next) next = next.nextElementSibling;
    else parent.insertBefore(node, next);
  }
}
