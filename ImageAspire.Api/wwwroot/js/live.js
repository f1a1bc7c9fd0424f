import { byId } from './dom.js';

const TYPES = ['received', 'inspected', 'analyzed', 'rejected', 'failed', 'updated', 'archived', 'restored', 'deleted'];

// The browser reconnects by itself and sends Last-Event-ID; when too much was missed the server says "reset".
export function follow(onEvent, onReset) {
  const source = new EventSource('/api/events');
  const badge = byId('live');
  const say = (text, on) => { badge.textContent = text; badge.classList.toggle('on', on); };
  let first = true;
  source.onopen = () => {
    say('live', true);
    // What happened between the page's first list and this moment was told to nobody. Later gaps are filled by Last-Event-ID.
    if (first) onReset();
    first = false;
  };
  source.onerror = () => {
    say('reconnecting…', false);
    // A refused stream (the server was restarted and wants a new sign-in) is closed for good by the browser.
    if (source.readyState === EventSource.CLOSED) setTimeout(() => { follow(onEvent, onReset); }, 2000);
  };
  for (const type of TYPES) source.addEventListener(`image.${type}`, event => onEvent(type, JSON.parse(event.data)));
  source.addEventListener('reset', onReset);
}
