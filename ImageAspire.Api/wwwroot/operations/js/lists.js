import { el } from '/js/dom.js';
import { address, change } from './state.js';

// The filters of a list, as a form whose values are in the address.
// fields: [{ name, label, options | type, placeholder }]
export function filters(view, values, fields) {
  const input = field => field.options
    ? el('select', { name: field.name }, choices(field.options, values[field.name]))
    : el('input', { name: field.name, type: field.type ?? 'text', value: values[field.name] ?? '', placeholder: field.placeholder ?? '', maxlength: '200', autocomplete: 'off' });
  const form = el('form', { class: 'filters', role: 'search' },
    fields.map(field => el('label', {}, field.label, input(field))),
    el('button', {}, 'Filter'),
    Object.values(values).some(Boolean) && el('a', { class: 'button plain', href: address(view) }, 'Clear'));
  const apply = () => change(address(view, Object.fromEntries([...new FormData(form)].map(([key, value]) => [key, value.trim()]))));
  form.addEventListener('submit', event => { event.preventDefault(); apply(); });
  form.addEventListener('change', event => { if (event.target.matches('select')) apply(); });
  return form;
}

// Gives a select of a form of filters its options; what is chosen stays.
export function offer(form, name, options) {
  const select = form.elements[name];
  select.replaceChildren(...choices(options, select.value));
}

const choices = (options, chosen) => [el('option', { value: '' }, 'all'),
  ...[...new Set([...options, chosen].filter(Boolean))].map(one => el('option', { value: one, selected: one === chosen }, one))];

// Links to the newest and to the next older page; both are addresses.
export function pager(nav, view, values, cursor, next) {
  const key = `${cursor} ${next ?? ''}`;
  if (nav.dataset.key === key) return;
  nav.dataset.key = key;
  nav.replaceChildren(...[
    cursor && el('a', { class: 'button', href: address(view, values) }, 'Newest'),
    next && el('a', { class: 'button', href: address(view, { ...values, cursor: next }) }, 'Older'),
  ].filter(Boolean));
}
