import { call } from '/js/api.js';
import { bytes, el, toast } from '/js/dom.js';
import { ask, busy, showSecret } from './ask.js';
import { keyForm, valuesOf } from './key-form.js';
import { poll } from './poll.js';
import { empty, fill, heading, number, time } from './show.js';
import { address, state } from './state.js';
import { json } from './webhooks.js';

export const title = 'Keys';

const ONCE = 'It is shown this once; only its hash is stored. Hand it over by a safe way.';

export function show(root) {
  const revoked = state().revoked === 'true';
  const list = el('ul', { class: 'rows' });
  const none = el('div', { hidden: true }, empty('No keys.', 'A key lets a program call the API. Make one above.'));
  root.append(heading('API keys', 'What each key may do and how fast. A key cannot grant a scope that it does not have.'), maker(() => polling.now()),
    el('p', {}, el('a', { href: address('keys', { revoked: revoked ? '' : 'true' }) }, revoked ? 'Hide revoked keys' : 'Show those revoked in the last 30 days')), list, none);
  const polling = poll(async signal => {
    const { items } = await call(`/api/keys${revoked ? '?revoked=true' : ''}`, { signal });
    fill(list, items, one => one.id, key);
    none.hidden = items.length > 0;
  });
  list.addEventListener('changed', () => polling.now());
  return () => polling.stop();
}

function maker(changed) {
  const button = el('button', { class: 'strong' }, 'Make a key');
  const form = el('form', { class: 'filters maker' }, keyForm({ scopes: ['read'], requestsPerSecond: 200, burst: 400 }), button);
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(button, async () => {
      const values = valuesOf(form);
      if (!values.expiresAt) delete values.expiresAt;
      const made = await call('/api/keys', json('POST', values));
      form.reset();
      changed();
      await showSecret(`The key of ${made.name}`, made.secret, ONCE);
    });
  });
  return form;
}

function key(one) {
  const path = `/api/keys/${one.id}`;
  const changed = () => row.dispatchEvent(new Event('changed', { bubbles: true }));
  const row = el('li', { class: 'row', 'data-name': one.name });
  const rate = one.requestsPerSecond === 0 ? 'not limited' : `${number(one.requestsPerSecond)} a second, ${number(one.burst)} at once`;
  const stores = one.quotaBytes === undefined ? `${bytes(one.storedBytes)}, not limited` : `${bytes(one.storedBytes)} of ${bytes(one.quotaBytes)}`;
  const facts = [['May', one.scopes.join(', ')], ['Rate', rate], ['Stores', stores], one.hint && ['Begins with', el('code', {}, one.hint)],
    one.createdAt && ['Made', el('span', {}, time(one.createdAt), ` by ${one.createdBy}`)],
    ['Last used', one.lastUsedAt ? time(one.lastUsedAt) : 'never'], one.expiresAt && ['Ends', time(one.expiresAt)],
    one.previousSecretUntil && ['Old secret', el('span', {}, 'works too until ', time(one.previousSecretUntil))],
    one.revokedAt && ['Revoked', el('span', {}, time(one.revokedAt), ` by ${one.revokedBy}`)]].filter(Boolean);
  const fixed = one.source === 'configuration';
  row.append(
    el('div', { class: 'row-head' }, el('strong', { class: 'url' }, one.name), el('span', { class: `pill ${one.state === 'active' ? 'good' : 'bad'}` }, one.state),
      fixed && el('span', { class: 'soft' }, 'from the configuration, and changed there')),
    el('dl', { class: 'facts-op' }, facts.flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)])),
    el('div', { class: 'actions' }, fixed || one.state === 'revoked' ? [] : [
      action('Edit', () => edit(one, row, changed)),
      action('Rotate', async () => {
        const answer = await ask({ title: `Make a new secret for ${one.name}?`, action: 'Rotate',
          text: 'For how many minutes shall the old one work too, so that its users can change? 0 ends it at once.',
          fields: [{ name: 'minutes', label: 'Minutes', type: 'number', value: '60', required: true }] });
        if (!answer) return;
        const made = await call(`${path}/rotate`, json('POST', { overlapSeconds: Math.round(Number(answer.minutes) * 60) }));
        changed();
        await showSecret(`The new key of ${made.name}`, made.secret, ONCE);
      }),
      action('Revoke', async () => {
        if (!await ask({ title: `Revoke ${one.name}?`, action: 'Revoke', danger: true, text: 'Within a second it opens nothing anywhere. This cannot be taken back.' })) return;
        await call(path, { method: 'DELETE' });
        toast(`${one.name} is revoked.`);
        changed();
      }, 'danger')]));
  return row;
}

function action(text, job, kind) {
  const button = el('button', { class: kind, onclick: () => busy(button, job) }, text);
  return button;
}

function edit(one, row, changed) {
  const save = el('button', { class: 'strong' }, 'Save');
  const form = el('form', { class: 'filters' }, keyForm(one), save, el('button', { type: 'button', class: 'plain', onclick: () => form.remove() }, 'Cancel'));
  const before = valuesOf(form);
  form.addEventListener('submit', event => {
    event.preventDefault();
    busy(save, async () => {
      // Only what was changed here: the form knows no seconds of an end, and an end that is over may stay.
      const changes = Object.entries(valuesOf(form)).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
      if (changes.length > 0) await call(`/api/keys/${one.id}`, json('PATCH', Object.fromEntries(changes)));
      form.remove();
      changed();
    });
  });
  row.querySelector('form')?.remove();
  row.append(form);
  form.elements.name.focus();
}
