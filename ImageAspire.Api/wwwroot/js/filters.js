import { goTo, readFilter } from './address.js';
import { byId } from './dom.js';

const TYPING = 200;
const FIELDS = ['q', 'status', 'from', 'to', 'archived', 'sort'];

// The search form: shows the filter of the address and writes it there. Calls changed() after every change.
export function startFilters(changed) {
  const form = byId('search');
  const panel = byId('filters');
  const toggle = byId('more-filters');
  let timer = null;

  function open(on) {
    panel.hidden = !on;
    toggle.setAttribute('aria-expanded', String(on));
  }

  function take(push) {
    clearTimeout(timer);
    goTo(Object.fromEntries(FIELDS.map(key => [key, form.elements[key].value.trim()])), { push });
    mark();
    changed();
  }

  function mark() {
    const filter = readFilter();
    const count = FIELDS.filter(key => key !== 'q' && filter[key]).length;
    byId('filter-count').textContent = String(count);
    byId('filter-count').hidden = count === 0;
    byId('clear-filters').hidden = count === 0;
    return count;
  }

  // From the address into the form.
  function show() {
    const filter = readFilter();
    for (const key of FIELDS) if (form.elements[key].value.trim() !== filter[key]) form.elements[key].value = filter[key];
    if (mark() > 0) open(true);
  }

  form.elements.q.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => take(false), TYPING); });
  panel.addEventListener('change', () => take(true));
  form.addEventListener('submit', event => { event.preventDefault(); take(true); });
  toggle.addEventListener('click', () => open(panel.hidden));
  byId('clear-filters').addEventListener('click', () => clear(true));

  function clear(keepSearch) {
    for (const key of FIELDS) if (key !== 'q' || !keepSearch) form.elements[key].value = '';
    if (!keepSearch) goTo({ tag: '' }, { push: true });
    take(true);
  }

  show();
  return { show, clear: () => clear(false) };
}
