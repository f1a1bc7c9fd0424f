import { call } from '/js/api.js';
import { bytes, el } from '/js/dom.js';
import { poll } from './poll.js';
import { fill, imageLink, number, time } from './show.js';

const EVERY = 10_000;

const DAMAGE = {
  'missing-bytes': 'its bytes are missing', 'wrong-size': 'it has another size', 'wrong-bytes': 'its bytes have changed',
  'unreadable-bytes': 'it cannot be read',
};

// Whether the stored originals are what was uploaded: how far the scrub is, and what it found.
export function scrubPanel(root) {
  const state = el('span', { class: 'pill' }, '…');
  const facts = el('dl', { class: 'facts-op' });
  const advice = el('p', { hidden: true }, 'Upload the same file again, which restores it, or copy it from a backup. Look at the disk, too.');
  const list = el('ul', { class: 'rows' });
  root.append(el('h3', { class: 'between' }, 'Stored originals'),
    el('article', { class: 'card-op', 'aria-label': 'Stored originals', 'data-name': 'scrub' },
      el('div', { class: 'top' }, el('p', { class: 'soft' }, 'Read again and again, and compared with what was uploaded.'), state), facts, advice, list));
  return poll(async signal => {
    const scrub = await call('/api/operations/scrub', { signal });
    state.className = `pill ${scrub.damaged > 0 ? 'bad' : scrub.running ? 'good' : ''}`;
    state.textContent = scrub.damaged > 0 ? `${number(scrub.damaged)} damaged` : !scrub.running ? 'not running' : scrub.complete ? 'no damage found' : 'reading';
    facts.replaceChildren(...rows(scrub).flatMap(([name, value]) => [el('dt', {}, name), el('dd', {}, value)]));
    advice.hidden = scrub.damaged === 0;
    fill(list, scrub.findings, one => one.imageId, finding);
  }, EVERY);
}

function rows(scrub) {
  if (!scrub.startedAt) return [['Pass', 'none yet']];
  return [
    [scrub.complete ? 'Last pass' : `Pass ${number(scrub.pass)}`, `${number(scrub.images)} of about ${number(scrub.totalImages)} images, ${bytes(scrub.bytes)}`],
    ['Began', time(scrub.startedAt)],
    ['Last complete', scrub.completedAt ? time(scrub.completedAt) : 'none yet'],
  ];
}

function finding(one) {
  return el('li', { class: 'row' },
    el('div', { class: 'row-head' }, el('code', { class: 'reason' }, one.damage), imageLink(one.imageId, one.name), time(one.foundAt)),
    el('p', {}, `Since ${new Date(one.foundAt).toLocaleString()} ${DAMAGE[one.damage] ?? 'it is damaged'}; last seen ${new Date(one.seenAt).toLocaleString()}.`),
    el('p', { class: 'soft' }, 'SHA-256 ', el('code', { class: 'url' }, one.sha256)));
}
