import { cleanArea } from './area.js';

// What is shown is in the address, so that it can be shared and "back" works: the filters below, and image= for the one that is open.
const FILTERS = ['q', 'tag', 'status', 'from', 'to', 'takenFrom', 'takenTo', 'minRating', 'camera', 'bbox', 'similar', 'archived', 'sort'];
const STATUSES = ['received', 'inspected', 'analyzed', 'rejected', 'failed'];
const SORTS = ['oldest', 'taken', 'name', 'largest'];
const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const listeners = [];

// Anything may stand in an address; what we do not know is left out.
const CLEAN = {
  q: value => value.slice(0, 200),
  tag: value => value.slice(0, 200),
  status: value => STATUSES.includes(value) ? value : '',
  from: day, to: day, takenFrom: day, takenTo: day,
  minRating: value => /^[1-5]$/.test(value) ? value : '',
  camera: value => value.slice(0, 200),
  bbox: cleanArea,
  similar: value => ID.test(value) ? value : '',
  archived: value => ['true', 'all'].includes(value) ? value : '',
  sort: value => SORTS.includes(value) ? value : '',
};

function day(value) {
  return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value)) ? value : '';
}

export function readFilter() {
  const parameters = new URLSearchParams(location.search);
  return Object.fromEntries(FILTERS.map(key => [key, CLEAN[key](parameters.get(key) ?? '')]));
}

export function readImage() {
  const id = new URLSearchParams(location.search).get('image') ?? location.hash.slice(1); // the hash: addresses of earlier versions
  return ID.test(id) ? id : null;
}

// A change to these filters alone, without any other and without an open image; and its address.
export const only = change => Object.fromEntries([...FILTERS, 'image'].map(key => [key, change[key] ?? '']));
export const addressOf = change => `/?${new URLSearchParams(change)}`;

// A new place in the history, or (while typing, or going from image to image) a change of the present one.
export function goTo(change, { push }) {
  const parameters = new URLSearchParams(location.search);
  for (const [key, value] of Object.entries(change)) if (value) parameters.set(key, value); else parameters.delete(key);
  const query = parameters.toString();
  const address = location.pathname + (query ? `?${query}` : '');
  if (address === location.pathname + location.search + location.hash) return;
  if (push) history.pushState({ pushed: true }, '', address);
  else history.replaceState(history.state, '', address);
}

export const onAddress = listener => listeners.push(listener);
addEventListener('popstate', () => { for (const listener of listeners) listener(); });

export const isPlain = filter => FILTERS.every(key => !filter[key] || key === 'sort');

// The filter as GET /api/images understands it, and with `similar` GET /api/images/{id}/similar, which has no words and an order of its own. Days of uploads are the reader's own, days of photos those where they were taken; "to" includes its day.
export function toQuery({ from, to, takenTo, ...query }) {
  if (from) query.from = midnight(from, 0);
  if (to) query.to = midnight(to, 1);
  if (takenTo) query.takenTo = dayAfter(takenTo);
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}

// The last day of all has none.
const dayAfter = text => new Date(Date.parse(text) + 24 * 3600 * 1000).toISOString().match(/^\d{4}-\d\d-\d\d/)?.[0];

function midnight(text, addDays) {
  const [year, month, date] = text.split('-').map(Number);
  return new Date(year, month - 1, date + addDays).toISOString();
}
