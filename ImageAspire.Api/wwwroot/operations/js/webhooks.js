import { call } from '/js/api.js';
import { el, toast } from '/js/dom.js';
import { ask, busy, showSecret } from './ask.js';
import { showDeliveries } from './deliveries.js';
import { poll } from './poll.js';
import { empty, fill, heading, time } from './show.js';
import { address, state } from './state.js';

export const title = 'Webhooks';

const IMAGES = 'image.';
export const TYPES = ['image.analyzed', 'image.rejected', 'image.failed', 'image.deleted', 'image.restored', 'image.purged', 'operations.alarm'];
export const json = (method, body) => ({ method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) });
const SIGNED = 'It signs every delivery. It is shown this once and cannot be read again; a new one can be made at any time.';

export function show(root) {
  const { id, cursor = '' } = state();
  if (id) return showDeliveries(root, id, cursor);
  const list = el('ul', { class: 'rows' });
  const none = el('div', { hidden: true }, empty('No webhooks.', 'A webhook notifies another program of image events. Create one above.'));
  root.append(heading('Webhooks', 'Signed with HMAC-SHA256, tried eight times within a day; every try is in the log.'), maker(() => polling.now()), list, none);
  const polling = poll(async signal => {
    const { items } = await call('/api/webhooks', { signal });
    fill(list, items, one => one.id, webhook);
    none.hidden = items.length > 0;
  });
  list.addEventListener('changed', () => polling.now());
  return () => polling.stop();
}

// "analyzed" of an image; everything else by its whole name.
const nameOf = type => (type.startsWith(IMAGES) ? type.slice(IMAGES.length) : type);

function maker(changed) {
  const button = el('button', { class: 'strong' }, 'Make a webhook');
  const form = el('form', { class: 'filters maker' },
    el('label', { class: 'wide' }, 'Address', el('input', { name: 'url', type: 'url', required: true, maxlength: '2048', placeholder: 'https://example.com/hook', autocomplete: 'off' })),
    el('fieldset', {}, el('legend', {}, 'Events'), TYPES.map(type => el('label', { class: 'check' },
      el('input', { type: 'checkbox', name: 'types', value: type, checked: type.startsWith(IMAGES) }), nameOf(type)))),
    button);
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(button, async () => {
      const values = new FormData(form);
      if (values.getAll('types').length === 0) { toast('Choose at least one event.'); return; }
      const made = await call('/api/webhooks', json('POST', { url: values.get('url').trim(), types: values.getAll('types') }));
      form.reset();
      changed();
      await showSecret('The signing secret', made.secret, SIGNED);
    });
  });
  return form;
}

// What came of the last try, so that a receiver that hangs is seen without opening its log.
function lastTry(last) {
  const good = last.state === 'delivered';
  const answer = last.status ? `answered ${last.status}` : last.error;
  const next = last.state === 'pending' ? (last.nextAttemptAt ? ['; tried again ', time(last.nextAttemptAt)] : ['; tried again']) : last.state === 'failed' ? ['; given up'] : [];
  return el('span', { class: good ? '' : 'bad' }, time(last.at), ` ${last.type}: ${answer}`, ...next, last.detail && !good ? ` (${last.detail})` : '');
}

function webhook(one) {
  const changed = () => row.dispatchEvent(new Event('changed', { bubbles: true }));
  const path = `/api/webhooks/${one.id}`;
  const button = (text, job, props = {}) => {
    const made = el('button', { ...props, onclick: () => busy(made, job) }, text);
    return made;
  };
  const row = el('li', { class: 'row', 'data-url': one.url },
    el('div', { class: 'row-head' }, el('strong', { class: 'url' }, one.url),
      el('span', { class: `pill ${one.enabled ? 'good' : 'bad'}` }, one.enabled ? 'enabled' : 'disabled')),
    one.disabledReason && el('p', { class: 'bad' }, one.disabledReason),
    el('dl', { class: 'facts-op' },
      el('dt', {}, 'Events'), el('dd', {}, one.types.map(nameOf).join(', ')),
      el('dt', {}, 'Last try'), el('dd', {}, one.last ? lastTry(one.last) : el('span', { class: 'soft' }, 'none yet')),
      el('dt', {}, 'Made'), el('dd', {}, time(one.createdAt), ` by ${one.createdBy}`),
      one.previousSecretUntil && el('dt', {}, 'Old secret'), one.previousSecretUntil && el('dd', {}, 'signs too until ', time(one.previousSecretUntil))),
    el('div', { class: 'actions' },
      el('a', { class: 'button', href: address('webhooks', { id: one.id }) }, 'Deliveries'),
      button('Send a test', async () => {
        await call(`${path}/test`, { method: 'POST' });
        toast('A test was enqueued; the delivery log shows the response.');
      }, { disabled: !one.enabled }),
      button(one.enabled ? 'Disable' : 'Enable', async () => {
        await call(path, json('PATCH', { enabled: !one.enabled }));
        changed();
      }),
      button('New secret', async () => {
        if (!await ask({ title: 'Make a new secret?', action: 'Make it', text: 'The old one signs too for 24 hours, so that the receiver can be changed in peace.' })) return;
        const made = await call(`${path}/rotate`, { method: 'POST' });
        changed();
        await showSecret('The new signing secret', made.secret, SIGNED);
      }),
      button('Delete', async () => {
        if (!await ask({ title: 'Delete this webhook?', action: 'Delete', danger: true, text: 'Its delivery log goes with it, and nothing more is sent.' })) return;
        await call(path, { method: 'DELETE' });
        changed();
      }, { class: 'danger' })));
  return row;
}
