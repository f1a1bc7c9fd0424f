// What is shown is in the address, so that it can be shared and "back" works: ?q=&tag=&status=&from=&to=&archived=&sort=&image=
const FILTERS = ['q', 'tag', 'status', 'from', 'to', 'archived', 'sort'];
const STATUSES = ['received', 'inspected', 'analyzed', 'rejected', 'failed'];
const SORTS = ['oldest', 'name', 'largest'];
const listeners = [];

// Anything may stand in an address; what we do not know is left out.
const CLEAN = {
  q: value => value.slice(0, 200),
  tag: value => value.slice(0, 200),
  status: value => STATUSES.includes(value) ? value : '',
  from: day, to: day,
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
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(id) ? id : null;
}

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

// The filter as GET /api/images understands it. Days are the reader's own; "to" includes its day.
export function toQuery(filter) {
  const { q, tag, status, archived, sort, from, to } = filter;
  const query = { q, tag, status, archived, sort };
  if (from) query.from = midnight(from, 0);
  if (to) query.to = midnight(to, 1);
  return Object.fromEntries(Object.entries(query).filter(([, value]) => value));
}

function midnight(text, addDays) {
  const [year, month, date] = text.split('-').map(Number);
  return new Date(year, month - 1, date + addDays).toISOString();
}
