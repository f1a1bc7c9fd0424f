import { call } from '/js/api.js';
import { el, toast } from '/js/dom.js';
import { busy } from './ask.js';
import { pager } from './lists.js';
import { poll } from './poll.js';
import { empty, fill, heading, imageLink, number, time } from './show.js';
import { address } from './state.js';

// The delivery log of one webhook: what was sent, what was answered, send it again.
export function showDeliveries(root, id, cursor) {
  const url = el('strong', { class: 'url' }, '…');
  const test = el('button', { class: 'strong' }, 'Send a test');
  const list = el('ul', { class: 'rows' });
  const none = el('div', { hidden: true }, empty('Nothing has been sent yet.', 'An event of the chosen types, or a test, comes here with every try.'));
  const pages = el('nav', { class: 'pages', 'aria-label': 'Pages' });
  root.append(el('p', {}, el('a', { href: address('webhooks') }, '← All webhooks')), heading('Deliveries'),
    el('div', { class: 'row-head' }, url, test), list, none, pages);
  const path = `/api/webhooks/${encodeURIComponent(id)}`;
  const polling = poll(async signal => {
    const query = new URLSearchParams({ limit: '50' });
    if (cursor) query.set('cursor', cursor);
    const [webhook, page] = await Promise.all([call(path, { signal }), call(`${path}/deliveries?${query}`, { signal })]);
    url.textContent = webhook.url;
    test.disabled = !webhook.enabled;
    fill(list, page.items.map(one => ({ ...one, enabled: webhook.enabled })), one => one.id, delivery);
    none.hidden = page.items.length > 0;
    pager(pages, 'webhooks', { id }, cursor, page.next);
  });
  test.addEventListener('click', () => busy(test, async () => {
    await call(`${path}/test`, { method: 'POST' });
    polling.now();
  }));

  function delivery(one) {
    const again = el('button', { disabled: !one.enabled, onclick: () => busy(again, async () => {
      await call(`${path}/deliveries/${one.id}/redeliver`, { method: 'POST' });
      toast('It is sent again, with the same webhook-id.');
      polling.now();
    }) }, 'Send again');
    const last = one.attempts.at(-1);
    return el('li', { class: 'row' },
      el('div', { class: 'row-head' },
        el('span', { class: `pill ${one.state === 'delivered' ? 'good' : one.state === 'failed' ? 'bad' : 'warn'}` }, one.state),
        el('code', {}, one.type), time(one.createdAt), again),
      el('dl', { class: 'facts-op' },
        el('dt', {}, 'Request id'), el('dd', {}, el('code', {}, one.id)),
        one.imageId && el('dt', {}, 'Image'), one.imageId && el('dd', {}, imageLink(one.imageId)),
        el('dt', {}, 'Last answer'), el('dd', {}, last ? outcome(last) : 'not tried yet'),
        one.nextAttemptAt && el('dt', {}, 'Next try'), one.nextAttemptAt && el('dd', {}, time(one.nextAttemptAt))),
      one.attempts.length > 0 && el('details', {}, el('summary', {}, one.attempts.length === 1 ? 'One try' : `${one.attempts.length} tries`),
        el('ol', { class: 'tries' }, one.attempts.map(attempt))));
  }
  return () => polling.stop();
}

const outcome = one => one.status ? `HTTP ${one.status}` : one.error ?? 'no answer';

function attempt(one) {
  return el('li', {},
    el('p', {}, el('strong', {}, `${one.number}. ${outcome(one)}`), ' ', time(one.at), el('span', { class: 'soft' }, ` ${number(one.durationMs)} ms`)),
    one.detail && el('p', { class: 'soft' }, one.detail),
    one.answer && el('pre', {}, one.answer));
}
