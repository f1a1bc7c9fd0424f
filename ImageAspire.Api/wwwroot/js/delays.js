import { call } from './api.js';
import { byId, el } from './dom.js';
import { signedOut } from './session.js';

const EVERY = 10_000;

// In words of people who look at images.
const REASONS = {
  'no-worker': () => 'No Worker runs at the moment', 'oldest-waiting': () => 'More came in than can be done at once, or the work is paused',
  'dependency-away': name => (name === 'vision' ? 'The vision service, which says what is in an image, does not answer' : `The store of ${name} does not answer`),
};

const clock = value => new Date(value).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });

// Says above the images that some wait, and why, while something holds them up. For who may read; nobody has to know about stages.
export function showDelays() {
  const box = byId('delays');
  let timer = null;

  async function look() {
    clearTimeout(timer);
    try {
      draw(await call('/api/delays'));
    } catch (error) {
      box.hidden = true; // the live badge says that the server does not answer
      if (error.status === 403) return; // a key that may only upload
      if (error.status === 401) {
        signedOut().then(look);
        return;
      }
    }
    if (!document.hidden) timer = setTimeout(look, EVERY);
  }

  function draw({ waiting, alarms }) {
    box.hidden = alarms.length === 0 || waiting === 0;
    if (box.hidden) return;
    const count = waiting === undefined ? 'Images wait' : waiting === 1 ? '1 image waits' : `${waiting.toLocaleString('en')} images wait`;
    const lines = [`${count} for longer than usual. Nothing is lost: they go on by themselves.`, ...new Set(alarms.map(one => `${REASONS[one.code]?.(one.name) ?? one.description}, since ${clock(one.since)}.`))];
    if (box.textContent !== lines.join('')) box.replaceChildren(...lines.map((text, i) => el('p', i === 0 ? {} : { class: 'soft' }, text)));
  }

  document.addEventListener('visibilitychange', () => { if (document.hidden) clearTimeout(timer); else look(); });
  look();
}
