import { byId } from '/js/dom.js';
import { signedOut } from '/js/session.js';

const EVERY = 2000;
let lastGood = null;

// Polls two seconds after the last response, never concurrently, and not while the page is hidden.
export function poll(load, every = EVERY) {
  const stopping = new AbortController();
  let timer = null;
  let running = false;
  let wanted = false;
  let signedIn = true;
  async function run() {
    if (stopping.signal.aborted || !signedIn) return;
    if (running) { wanted = true; return; }
    running = true;
    clearTimeout(timer);
    try {
      do {
        wanted = false;
        await load(stopping.signal);
      } while (wanted && !stopping.signal.aborted);
      if (!stopping.signal.aborted) showStatus(null);
    } catch (error) {
      if (!stopping.signal.aborted) showStatus(error);
      if (error.status === 401) {
        // No session: polling continues after the next sign-in.
        signedIn = false;
        signedOut().then(() => { signedIn = true; run(); });
      }
    } finally {
      running = false;
      if (!document.hidden && !stopping.signal.aborted && signedIn) timer = setTimeout(run, every);
    }
  }
  const onVisible = () => { if (document.hidden) clearTimeout(timer); else run(); };
  document.addEventListener('visibilitychange', onVisible);
  run();
  return {
    now: run,
    stop() {
      stopping.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onVisible);
    },
  };
}

// Whether what is shown is current. A refusal is the server's own words; everything else is a lost connection.
export function showStatus(error) {
  const badge = byId('live');
  if (!error) lastGood = new Date();
  badge.classList.toggle('on', !error);
  badge.classList.toggle('lost', Boolean(error));
  badge.textContent = !error ? 'live' : error.status ? error.message
    : `No connection. ${lastGood ? `Figures are from ${lastGood.toLocaleTimeString()}.` : 'Nothing could be loaded yet.'} Trying again…`;
}

// A page without live figures shows no status.
export function ended() {
  lastGood = null;
  byId('live').className = 'live';
  byId('live').textContent = 'connecting…';
}
