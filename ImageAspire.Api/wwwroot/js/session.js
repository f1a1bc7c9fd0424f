import { byId, el } from './dom.js';

// The session has ended (a day is over, the server wants a new sign-in). Nothing is thrown away: files that wait still wait behind this.
export function signedOut() {
  const dialog = byId('signed-out') ?? document.body.appendChild(el('dialog', { id: 'signed-out', class: 'signed-out', 'aria-labelledby': 'signed-out-title' }));
  if (dialog.open) return;
  const back = encodeURIComponent(location.pathname + location.search);
  dialog.replaceChildren(
    el('h2', { id: 'signed-out-title' }, 'You are signed out'),
    el('p', {}, 'Your session has ended. Sign in again to go on; you come back to this place.'),
    el('p', { class: 'row' }, el('a', { class: 'button primary', href: `/signin?return=${back}` }, 'Sign in')));
  dialog.showModal();
}
