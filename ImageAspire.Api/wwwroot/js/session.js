import { byId, el } from './dom.js';

let waiting = null;

// The session has ended (half a day is over, the key was changed). Signing in is done in another tab: nothing here is thrown away, and files
// that wait still wait behind this. Resolves when there is a session again. The session is checked when
// the page becomes visible, not periodically: each check without a session is a refused call in the audit log.
export function signedOut() {
  waiting ??= start();
  const dialog = byId('signed-out');
  if (!dialog.open) dialog.showModal(); // also after it was closed with Escape
  return waiting;
}

function start() {
  return new Promise(resolve => {
    const dialog = byId('signed-out') ?? document.body.appendChild(el('dialog', { id: 'signed-out', class: 'signed-out', 'aria-labelledby': 'signed-out-title' }));
    const hint = el('p', { role: 'status' });
    const check = async () => {
      if (document.hidden || waiting === null) return;
      if (!await fetch('/gallery.json').then(answer => answer.ok, () => false)) { hint.textContent = 'You are not signed in yet.'; return; }
      waiting = null;
      document.removeEventListener('visibilitychange', check);
      dialog.close();
      resolve();
    };
    document.addEventListener('visibilitychange', check);
    dialog.replaceChildren(
      el('h2', { id: 'signed-out-title' }, 'You are signed out'),
      el('p', {}, 'Your session has ended. Sign in again in a new tab, then go on here: nothing on this page is lost.'),
      hint,
      el('p', { class: 'row' }, el('a', { class: 'button primary', href: '/signin', target: '_blank', rel: 'noopener' }, 'Sign in'),
        el('button', { type: 'button', onclick: check }, 'Go on')));
  });
}
