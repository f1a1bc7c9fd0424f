import { goTo, readFilter } from './address.js';
import { drawChips } from './chips.js';
import { byId } from './dom.js';

const TYPING = 200;
const FIELDS = ['q', 'status', 'takenFrom', 'takenTo', 'minRating', 'camera', 'from', 'to', 'archived', 'sort'];

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

  function take(push, others = {}) {
    clearTimeout(timer);
    const fields = Object.fromEntries(FIELDS.map(key => [key, form.elements[key].value.trim()]));
    // Whoever searches for words does not look for likeness any more.
    goTo({ ...fields, ...(fields.q && fields.q !== readFilter().q ? { similar: '' } : {}), ...others }, { push });
    mark();
    changed();
  }

  function mark() {
    const count = drawChips(remove);
    byId('filter-count').textContent = String(count);
    byId('filter-count').hidden = count === 0;
    byId('clear-filters').hidden = count === 0 && !readFilter().sort;
  }

  function remove(key) {
    if (form.elements[key]) form.elements[key].value = '';
    take(true, { [key]: '' });
  }

  // From the address into the form.
  function show() {
    const filter = readFilter();
    for (const key of FIELDS) if (form.elements[key].value.trim() !== filter[key]) form.elements[key].value = filter[key];
    mark();
  }

  form.elements.q.addEventListener('input', () => { clearTimeout(timer); timer = setTimeout(() => take(false), TYPING); });
  panel.addEventListener('change', () => take(true));
  form.addEventListener('submit', event => { event.preventDefault(); take(true); });
  toggle.addEventListener('click', () => open(panel.hidden));
  byId('clear-filters').addEventListener('click', () => clear(true));

  function clear(keepSearch) {
    for (const key of FIELDS) if (key !== 'q' || !keepSearch) form.elements[key].value = '';
    take(true, { bbox: '', similar: '', ...(keepSearch ? {} : { tag: '' }) });
  }

  show();
  return { show, clear: () => clear(false) };
}
