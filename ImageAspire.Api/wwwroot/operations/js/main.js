import { byId, el } from '/js/dom.js';
import { ended, showStatus } from './poll.js';
import { change, onChange, state } from './state.js';

// A page is a module with a title and show(root), which returns what ends it. It is loaded when it is first wanted.
const VIEWS = {
  flow: () => import('./flow.js'),
  'dead-letters': () => import('./dead-letters.js'),
  reports: () => import('./reports.js'),
  keys: () => import('./keys.js'),
  webhooks: () => import('./webhooks.js'),
  audit: () => import('./audit.js'),
};

let stop = null;
let shows = 0;

async function show() {
  const mine = ++shows;
  stop?.();
  stop = null;
  ended();
  const name = Object.hasOwn(VIEWS, state().view ?? '') ? state().view : 'flow';
  for (const link of byId('views').querySelectorAll('a')) {
    const its = new URL(link.href).searchParams.get('view') ?? 'flow';
    if (its === name) {
      link.setAttribute('aria-current', 'page');
      byId('views').scrollLeft = link.offsetLeft - byId('views').offsetLeft - 40; // on a phone the row is wider than the screen
    } else {
      link.removeAttribute('aria-current');
    }
  }
  try {
    const view = await VIEWS[name]();
    if (mine !== shows) return; // another page was opened meanwhile
    document.title = `${view.title} · ImageAspire`;
    byId('view').replaceChildren();
    stop = view.show(byId('view'));
  } catch (error) {
    showStatus(error);
    byId('view').replaceChildren(el('p', { class: 'empty' }, 'This page could not be loaded. Reload it when the server answers again.'));
  }
}

// Links inside the operations pages change the address without loading everything again; all others are links.
document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey || link.target) return;
  const url = new URL(link.href);
  if (url.origin !== location.origin || url.pathname !== '/operations/' || url.hash) return;
  event.preventDefault();
  change(url);
});
onChange(show);
show();
