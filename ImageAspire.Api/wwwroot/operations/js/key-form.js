import { el } from '/js/dom.js';

const SCOPES = ['read', 'write', 'operate'];

// The members of a key that a person sets; of a new one and of one that is there.
export function keyForm(key) {
  const field = (label, props) => el('label', {}, label, el('input', { autocomplete: 'off', ...props }));
  return [
    field('Name', { name: 'name', value: key.name ?? '', required: true, maxlength: '64', placeholder: 'who will use it' }),
    el('fieldset', {}, el('legend', {}, 'May'), SCOPES.map(scope => el('label', { class: 'check' },
      el('input', { type: 'checkbox', name: 'scopes', value: scope, checked: key.scopes.includes(scope) }), scope))),
    field('Requests a second (0: not limited)', { name: 'requestsPerSecond', type: 'number', min: '0', required: true, value: String(key.requestsPerSecond) }),
    field('At once', { name: 'burst', type: 'number', min: '1', required: true, value: String(key.burst) }),
    field('Storage in MiB (0: not limited, empty: default)', { name: 'quotaBytes', type: 'number', min: '0', step: 'any', value: key.quotaBytes === undefined ? '' : String(key.quotaBytes / 1_048_576) }),
    field('Ends (empty: never)', { name: 'expiresAt', type: 'datetime-local', value: key.expiresAt ? local(key.expiresAt) : '' }),
  ];
}

// The values of the form as the API expects them.
export function valuesOf(form) {
  const values = new FormData(form);
  const ends = values.get('expiresAt');
  const quota = values.get('quotaBytes');
  return {
    name: values.get('name').trim(), scopes: values.getAll('scopes'), requestsPerSecond: Number(values.get('requestsPerSecond')),
    burst: Number(values.get('burst')), quotaBytes: quota === '' ? null : Math.round(Number(quota) * 1_048_576), expiresAt: ends ? new Date(ends).toISOString() : null,
  };
}

// A time for an input of type datetime-local, which knows no time zones.
function local(time) {
  const date = new Date(time);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
