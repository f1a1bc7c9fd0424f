import { call } from '/js/api.js';
import { el } from '/js/dom.js';
import { chain } from './audit-chain.js';
import { filters, pager } from './lists.js';
import { poll } from './poll.js';
import { empty, fill, heading, imageLink, number, payload, time, traceIdOf, traceOf } from './show.js';
import { address, state } from './state.js';

export const title = 'Audit';

const TYPES = ['image.received', 'image.inspected', 'image.analyzed', 'image.rejected', 'image.failed', 'image.updated', 'image.archived',
  'image.restored', 'image.deleted', 'image.purged', 'key.created', 'key.changed', 'key.rotated', 'key.revoked', 'access.denied',
  'operation.paused', 'operation.resumed', 'operation.subscription-deleted', 'operation.run', 'operation.run-stopped', 'operation.retried', 'operation.discarded'];

const OPERATIONS = {
  'operation.paused': 'Paused', 'operation.resumed': 'Resumed', 'operation.subscription-deleted': 'Deleted the subscription', 'operation.run': 'Asked for a run of', 'operation.run-stopped': 'Stopped the run of',
  'operation.retried': 'Retried', 'operation.discarded': 'Discarded',
};

export function show(root) {
  const { actor = '', type = '', image = '', key = '', from = '', to = '', cursor = '' } = state();
  const values = { actor, type, image, key, from, to };
  const list = el('ul', { class: 'rows' });
  const none = el('div', { hidden: true }, empty('Nothing is written here.', Object.values(values).some(Boolean)
    ? 'No entry matches these filters.' : 'Everything that happens to an image is written here, by whom and when.'));
  const pages = el('nav', { class: 'pages', 'aria-label': 'Pages' });
  const links = chain();
  root.append(heading('Audit log', 'Who did what, newest first. Entries are only ever added.'),
    links.section,
    filters('audit', values, [
      { name: 'actor', label: 'Who', placeholder: 'key or stage' }, { name: 'type', label: 'What', options: TYPES },
      { name: 'image', label: 'Image', placeholder: 'its id' }, { name: 'key', label: 'Key', placeholder: 'its id' },
      { name: 'from', label: 'From', type: 'date' }, { name: 'to', label: 'To', type: 'date' }]),
    list, none, pages);
  const polling = poll(async signal => {
    const query = new URLSearchParams({ limit: '50' });
    for (const [name, value] of Object.entries({ actor, type, image, key, cursor })) if (value) query.set(name, value);
    // Days of the reader's clock, the last one included.
    if (from) query.set('from', new Date(`${from}T00:00:00`).toISOString());
    if (to) query.set('to', dayAfter(to).toISOString());
    const page = await call(`/api/audit?${query}`, { signal });
    fill(list, page.items, one => one.eventId, entry);
    none.hidden = page.items.length > 0;
    pager(pages, 'audit', values, cursor, page.next);
    links.show(await call('/api/audit/head', { signal }));
  });
  return () => polling.stop();
}

function dayAfter(day) {
  const date = new Date(`${day}T00:00:00`);
  date.setDate(date.getDate() + 1);
  return date;
}

function entry(one) {
  return el('li', { class: 'row' },
    el('div', { class: 'row-head' }, el('code', {}, one.type), el('a', { href: address('audit', { actor: one.actor }) }, one.actor), time(one.at)),
    one.access ? el('p', {}, ofAccess(one), one.keyId && el('a', { class: 'soft also', href: address('audit', { key: one.keyId }) }, 'all of this key')) : el('p', {}, ['image.deleted', 'image.purged'].includes(one.type) ? one.data?.name ?? one.imageId : imageLink(one.imageId, one.data?.name),
      el('a', { class: 'soft also', href: address('audit', { image: one.imageId }) }, 'all of this image')),
    el('div', { class: 'row-foot' }, traceOf(traceIdOf(one.traceParent)), payload(one.access ?? one.data)));
}

// What happened to a key, or which calls were refused, in a sentence.
function ofAccess({ type, access }) {
  if (type === 'access.denied') {
    const times = access.count > 1 ? `${number(access.count)} calls were refused, the first was ` : '';
    return `${times}${access.call ?? 'a call'} from ${access.address ?? 'somewhere'}: ${access.status ?? ''} ${access.code ?? ''}`;
  }
  if (type.startsWith('operation.')) {
    return [OPERATIONS[type] ?? type, access.target, access.count > 1 && `(${number(access.count)})`, access.reason && `because: ${access.reason}`].filter(Boolean).join(' ');
  }
  return [`Key ${access.keyName ?? ''}`, access.scopes && `may ${access.scopes.join(', ')}`, access.changed && `changed: ${access.changed.join(', ')}`,
    access.until && `until ${new Date(access.until).toLocaleString()}`].filter(Boolean).join('; ');
}
