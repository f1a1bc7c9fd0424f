import { call } from './api.js';
import { byId } from './dom.js';
import { signedOut } from './session.js';

const TYPES = ['received', 'inspected', 'analyzed', 'rejected', 'failed', 'updated', 'archived', 'restored', 'deleted'];
// A browser has six connections to one server for all its tabs: a tab that nobody looks at gives its own back after a while.
const REST_AFTER = 30_000;
const AGAIN_AFTER = 2000;

// Follows what happens. The browser reconnects by itself and sends Last-Event-ID; where we reconnect, lastEventId says the same. When too
// much was missed the server says "reset".
export function follow(onEvent, onReset, isBusy) {
  const badge = byId('live');
  const say = (text, on) => { badge.textContent = text; badge.classList.toggle('on', on); };
  let source = null;
  let lastId = null;
  let resting = null;

  function open() {
    source = new EventSource(lastId ? `/api/events?lastEventId=${lastId}` : '/api/events');
    // What happened between the page's first list and this moment was told to nobody. Later gaps are filled by the last id.
    let gap = lastId === null;
    source.onopen = () => {
      say('live', true);
      if (gap) onReset();
      gap = lastId === null;
    };
    source.onerror = () => {
      say('reconnecting…', false);
      if (source.readyState === EventSource.CLOSED) refused();
    };
    for (const type of TYPES) source.addEventListener(`image.${type}`, event => { lastId = event.lastEventId; onEvent(type, JSON.parse(event.data)); });
    source.addEventListener('reset', onReset);
  }

  // A refused stream is closed for good by the browser. Whether we are signed out, an ordinary call tells.
  function refused() {
    const again = () => { setTimeout(() => { if (source?.readyState === EventSource.CLOSED) open(); }, AGAIN_AFTER); };
    call('/api/images?limit=1').then(again, error => { if (error.status === 401) signedOut().then(again); else again(); });
  }

  function rest() {
    if (isBusy()) { resting = setTimeout(rest, REST_AFTER); return; }
    source.close();
    source = null;
    say('paused', false);
  }

  document.addEventListener('visibilitychange', () => {
    clearTimeout(resting);
    if (document.hidden) resting = setTimeout(rest, REST_AFTER);
    else if (source === null) open();
  });
  open();
}
