import { call } from '/js/api.js';
import { causeOf } from '/js/causes.js';
import { el, toast } from '/js/dom.js';
import { ask, busy } from './ask.js';
import { countDead } from './flow.js';
import { filters, offer, pager } from './lists.js';
import { poll } from './poll.js';
import { empty, fill, heading, imageLink, number, payload, time, traceOf } from './show.js';
import { state } from './state.js';

export const title = 'Dead letters';

export function show(root) {
  const { subscription = '', type = '', reason = '', cursor = '' } = state();
  const filter = { subscription, type, reason };
  const list = el('ul', { class: 'rows' });
  const none = el('div', { hidden: true }, empty('No dead letters.', subscription || type || reason
    ? 'No dead letter matches these filters.'
    : 'A message becomes a dead letter when its stage has used up its attempts. The image then shows why it failed, too.'));
  const pages = el('nav', { class: 'pages', 'aria-label': 'Pages' });
  const retryAll = el('button', { class: 'strong', hidden: true }, subscription || type || reason ? 'Retry all that match' : 'Retry all');
  const form = filters('dead-letters', filter, [
    { name: 'subscription', label: 'Subscription', options: [] }, { name: 'type', label: 'Event', options: [] },
    { name: 'reason', label: 'Reason', placeholder: 'for example time-limit' }]);
  root.append(heading('Dead letters', 'Messages that failed, and why. Retry them when the cause is fixed; a failed image goes back to its stage.'),
    form, el('div', { class: 'actions' }, retryAll), list, none, pages);

  let stages = null;
  const polling = poll(async signal => {
    if (!stages) {
      stages = await call('/api/operations/stages', { signal });
      offer(form, 'subscription', stages.items.map(one => one.name));
      offer(form, 'type', stages.eventTypes);
    }
    const query = new URLSearchParams({ limit: '50' });
    for (const [key, value] of Object.entries({ ...filter, cursor })) if (value) query.set(key, value);
    const [page, { items }] = await Promise.all([
      call(`/api/operations/dead-letters?${query}`, { signal }), call('/api/operations/subscriptions', { signal })]);
    fill(list, page.items, one => one.id, deadLetter);
    none.hidden = page.items.length > 0 || Boolean(page.next);
    retryAll.hidden = page.items.length === 0;
    pager(pages, 'dead-letters', filter, cursor, page.next);
    countDead(items);
  });
  retryAll.addEventListener('click', () => busy(retryAll, async () => {
    if (!await ask({ title: 'Retry all of them?', action: 'Retry all', text: 'Every dead letter that matches the filters is tried again, once.' })) return;
    await retryMany(filter, retryAll);
    polling.now();
  }));
  list.addEventListener('changed', () => polling.now());
  return () => polling.stop();
}

// In calls of at most 200, with the cursor, so that one that fails again is not retried for ever.
async function retryMany(filter, button) {
  const words = button.textContent;
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(filter)) if (value) query.set(key, value);
  let retried = 0;
  try {
    for (;;) {
      const answer = await call(`/api/operations/dead-letters/retry?${query}`, { method: 'POST' });
      retried += answer.retried;
      button.textContent = `${number(retried)} retried…`;
      if (!answer.more) break;
      query.set('cursor', answer.next);
    }
  } finally {
    button.textContent = words;
    toast(`${number(retried)} ${retried === 1 ? 'is' : 'are'} being retried.`);
  }
}

function deadLetter(one) {
  const retry = el('button', { class: 'strong' }, 'Retry');
  const discard = el('button', { class: 'danger' }, 'Discard');
  const changed = () => row.dispatchEvent(new Event('changed', { bubbles: true }));
  const row = el('li', { class: 'row' },
    el('div', { class: 'row-head' }, el('code', { class: 'reason' }, one.reason), el('span', { class: 'soft' }, one.subscription), time(one.deadLetteredAt)),
    el('p', {}, one.description),
    el('dl', { class: 'facts-op' },
      el('dt', {}, 'Image'), el('dd', {}, one.imageId ? imageLink(one.imageId, one.event?.data.name) : 'the message cannot be read'),
      el('dt', {}, 'Event'), el('dd', {}, one.event?.type ?? 'unknown'),
      el('dt', {}, 'Cause'), el('dd', {}, causeOf(one)),
      el('dt', {}, 'Attempts'), el('dd', {}, number(one.deliveryCount)),
      el('dt', {}, 'Trace'), el('dd', {}, traceOf(one.traceId))),
    one.event && payload(one.event),
    el('div', { class: 'actions' }, retry, discard));
  retry.addEventListener('click', () => busy(retry, async () => {
    if (await decide(one, `/api/operations/dead-letters/${one.id}/retry`, { method: 'POST' })) toast('It is being retried.');
    changed();
  }));
  discard.addEventListener('click', () => busy(discard, async () => {
    const answer = await ask({
      title: 'Discard this dead letter?', action: 'Discard', danger: true,
      text: 'The message is dropped for good. The image keeps its record. The reason goes to the log.',
      fields: [{ name: 'reason', label: 'Reason', required: true }],
    });
    if (!answer) return;
    const reason = encodeURIComponent(answer.reason.trim());
    if (await decide(one, `/api/operations/dead-letters/${one.id}?reason=${reason}`, { method: 'DELETE' })) toast('Discarded.');
    changed();
  }));
  return row;
}

// Of two operators with the same dead letter only the first one succeeds.
async function decide(one, path, options) {
  try {
    await call(path, options);
    return true;
  } catch (error) {
    if (error.status !== 404) throw error;
    toast('Another operator has already retried or discarded this one.');
    return false;
  }
}
