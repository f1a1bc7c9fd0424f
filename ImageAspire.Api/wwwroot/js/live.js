import { call } from './api.js';
import { byId } from './dom.js';
import { signedOut } from './session.js';

const TYPES = ['received', 'inspected', 'analyzed', 'rejected', 'failed', 'updated', 'archived', 'restored', 'deleted', 'purged'];
// A browser has six connections to one server for all its tabs: a hidden tab closes its own after a while.
const CLOSE_AFTER = 30_000;
const RETRY_AFTER = 2000;

// Follows the live feed. The browser reconnects by itself with Last-Event-ID; a reconnect from here passes lastEventId. When the last event is
// no longer in the history the server sends "reset".
export function follow(onEvent, onReset, isBusy) {
  const badge = byId('live');
  const showStatus = (text, on) => { badge.textContent = text; badge.classList.toggle('on', on); };
  let source = null;
  let lastId = null;
  let closing = null;

  function open() {
    source = new EventSource(lastId ? `/api/events?lastEventId=${lastId}` : '/api/events');
    // Events between the first list of the page and this moment were missed. Later gaps are filled by the last id.
    let gap = lastId === null;
    source.onopen = () => {
      showStatus('live', true);
      if (gap) onReset();
      gap = lastId === null;
    };
    source.onerror = () => {
      showStatus('reconnecting…', false);
      if (source.readyState === EventSource.CLOSED) refused();
    };
    for (const type of TYPES) source.addEventListener(`image.${type}`, event => { lastId = event.lastEventId; onEvent(type, JSON.parse(event.data)); });
    source.addEventListener('reset', onReset);
  }

  // The browser closes a refused stream for good. An ordinary call shows whether the session has ended.
  function refused() {
    const again = () => { setTimeout(() => { if (source?.readyState === EventSource.CLOSED) open(); }, RETRY_AFTER); };
    call('/api/images?limit=1').then(again, error => { if (error.status === 401) signedOut().then(again); else again(); });
  }

  function closeHidden() {
    if (isBusy()) { closing = setTimeout(closeHidden, CLOSE_AFTER); return; }
    source.close();
    source = null;
    showStatus('paused', false);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(closing);
    if (document.hidden) closing = setTimeout(closeHidden, CLOSE_AFTER);
    else if (source === null) open();
  });
  open();
}
