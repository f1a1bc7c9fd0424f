import { byId, el, plural } from '../dom.js';
import { report } from '../toasts.js';

// The bar over the page while something is selected. actions: { all, clear, addTag(tag), removeTag(tag), archive(bool), remove }
export function startBar(selection, filter, actions) {
  const bar = byId('selection');
  const count = el('strong', { role: 'status' });
  const tag = el('input', { name: 'tag', placeholder: 'Tag', 'aria-label': 'Tag', maxlength: '64', list: 'known-tags', autocomplete: 'off', required: true });
  const button = (text, onclick, kind = '') => el('button', { type: 'button', class: kind, onclick }, text);
  const busy = work => async () => {
    bar.setAttribute('aria-busy', 'true');
    try { await work(); } catch (error) { report(error); } finally { bar.removeAttribute('aria-busy'); }
  };
  const withTag = work => busy(async () => {
    const text = tag.value.trim().toLowerCase();
    if (!text) { tag.focus(); return; }
    tag.value = '';
    await work(text);
  });
  const archive = button('', busy(() => actions.archive(filter().archived !== 'true')));
  const form = el('form', { class: 'row' }, tag, el('button', { type: 'submit' }, 'Add tag'), button('Remove tag', withTag(actions.removeTag)));
  form.addEventListener('submit', event => { event.preventDefault(); withTag(actions.addTag)(); });
  bar.append(
    button('✕', actions.clear, 'plain'), count, button('Select all', busy(actions.all), 'plain'), form, archive,
    button('Delete', actions.remove, 'danger'));
  bar.firstChild.setAttribute('aria-label', 'Select nothing');

  return () => {
    bar.hidden = selection.size === 0;
    count.textContent = `${plural(selection.size, 'image')} selected`;
    archive.textContent = filter().archived === 'true' ? 'Restore' : 'Archive';
  };
}
