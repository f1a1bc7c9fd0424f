import { byId, el } from './dom.js';

const SHOWN = 6000;
const MOST = 4;

// Shows a message for a while. With an action (Undo) it stays as long as the action is possible; returns a function that hides it.
export function toast(text, { action, onAction, shown = SHOWN } = {}) {
  const box = byId('toasts') ?? document.body.appendChild(el('div', { id: 'toasts', class: 'toasts', role: 'status', popover: 'manual' }));
  let timer;
  const hide = () => { clearTimeout(timer); node.remove(); if (!box.firstChild) box.hidePopover(); };
  const node = el('div', { class: 'toast' }, el('span', { dir: 'auto' }, text),
    action && el('button', { class: 'link', type: 'button', onclick: () => { hide(); onAction(); } }, action),
    el('button', { class: 'plain', type: 'button', 'aria-label': 'Close this message', onclick: hide }, '✕'));
  // The newest are kept; those with an action stay until it expires.
  const plain = [...box.children].filter(one => !one.querySelector('.link'));
  if (plain.length >= MOST) plain[0].remove();
  box.append(node);
  // Shown anew it is on top again, also of a dialog that was opened since.
  box.hidePopover();
  box.showPopover();
  timer = setTimeout(hide, shown);
  return hide;
}

// Shows an error, except those shown elsewhere: a cancelled request is no error, and the end of a session has its own dialog.
export function report(error) {
  if (error.name === 'AbortError' || error.status === 401) return;
  toast(error.message);
}

// "a.jpg, b.jpg and 3 more: reason"
export function named(failures, nameOf) {
  const names = failures.slice(0, 3).map(({ item }) => nameOf(item));
  const rest = failures.length - names.length;
  return `${names.join(', ')}${rest > 0 ? ` and ${rest} more` : ''}: ${failures[0].error.message}`;
}
