import { byId, el, toast } from '/js/dom.js';

// Asks before an action that cannot be undone easily. Resolves to null for no, else to the values of the fields.
// fields: [{ name, label, value, required, max, type }]
export function ask({ title, text, action, danger = false, fields = [] }) {
  const dialog = byId('ask');
  const form = el('form', { method: 'dialog' },
    el('h2', { id: 'ask-title' }, title),
    text && el('p', {}, text),
    fields.map(field => el('label', {}, field.label, el('input', {
      name: field.name, type: field.type ?? 'text', value: field.value ?? '', required: field.required ?? false,
      maxlength: String(field.max ?? 200), autocomplete: 'off',
    }))),
    el('div', { class: 'actions' },
      el('button', { type: 'button', onclick: () => dialog.close('') }, 'Cancel'),
      el('button', { value: 'yes', class: danger ? 'danger strong' : 'strong' }, action)));
  dialog.replaceChildren(form);
  dialog.returnValue = '';
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => {
      resolve(dialog.returnValue === 'yes' ? Object.fromEntries(new FormData(form)) : null);
      dialog.replaceChildren();
    }, { once: true });
  });
}

// A secret is in one answer of the server and on this page once; it is never stored.
export function showSecret(title, secret, text) {
  const dialog = byId('ask');
  const shown = el('output', { class: 'secret', tabindex: '0' }, secret);
  const copy = el('button', { type: 'button', onclick: async () => {
    try {
      await navigator.clipboard.writeText(secret);
      copy.textContent = 'Copied';
    } catch {
      // Only https and localhost may use the clipboard: then it is selected, ready for the keyboard.
      getSelection().selectAllChildren(shown);
      toast('Selected. Copy it with the keyboard.');
    }
  } }, 'Copy');
  // The dialog's close event comes a moment after it is hidden. The secret has to be gone before that.
  dialog.addEventListener('cancel', () => shown.remove(), { once: true });
  dialog.replaceChildren(el('form', { method: 'dialog', onsubmit: () => shown.remove() },
    el('h2', { id: 'ask-title' }, title), el('p', {}, text), shown,
    el('div', { class: 'actions' }, copy, el('button', { class: 'strong', value: 'yes' }, 'I have stored it'))));
  dialog.showModal();
  return new Promise(resolve => {
    dialog.addEventListener('close', () => { dialog.replaceChildren(); resolve(); }, { once: true });
  });
}

// Disables the button while its job runs; an error is shown.
export async function busy(button, job) {
  button.disabled = true;
  try {
    return await job();
  } catch (error) {
    toast(error.message);
    return undefined;
  } finally {
    button.disabled = false;
  }
}
