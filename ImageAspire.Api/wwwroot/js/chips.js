import { readFilter } from './address.js';
import { middleOf } from './area.js';
import { getImage } from './api.js';
import { byId, el } from './dom.js';

// Names of images that a chip says the list is like; read once each.
const names = new Map();

const ARCHIVED = { true: 'archived only', all: 'with archived' };
const day = text => new Date(text).toLocaleDateString(undefined, { timeZone: 'UTC' });

// How a filter reads. Search text, tag and order are not here: each is seen elsewhere.
const TEXTS = {
  status: value => value,
  from: value => `uploaded from ${day(value)}`,
  to: value => `uploaded to ${day(value)}`,
  takenFrom: value => `taken from ${day(value)}`,
  takenTo: value => `taken to ${day(value)}`,
  minRating: value => stars(value),
  camera: value => value,
  bbox: value => `near ${middleOf(value)}`,
  similar: value => `like ${names.get(value) ?? 'one image'}`,
  archived: value => ARCHIVED[value],
};

export const stars = least => Number(least) === 5 ? '★★★★★' : `${'★'.repeat(Number(least))} or more`;

// The filters in use, each a button that removes it. remove(key); returns how many there are.
export function drawChips(remove) {
  const filter = readFilter();
  const list = byId('active-filters');
  const keys = Object.keys(TEXTS).filter(key => filter[key]);
  list.replaceChildren(...keys.map((key, index) => el('li', {}, el('button', {
    type: 'button', class: 'chip', 'data-filter': key, title: 'Remove this filter',
    onclick: () => {
      remove(key);
      (list.querySelectorAll('button')[Math.min(index, keys.length - 2)] ?? byId('more-filters')).focus();
    },
  }, el('span', { dir: 'auto' }, TEXTS[key](filter[key])), el('span', { 'aria-hidden': 'true' }, '✕'), el('span', { class: 'visually-hidden' }, 'Remove this filter')))));
  list.hidden = keys.length === 0;
  nameSimilar(filter.similar, list);
  return keys.length;
}

// The name is data from a stranger: it goes in as text.
async function nameSimilar(id, list) {
  if (!id || names.has(id)) return;
  try {
    names.set(id, (await getImage(id)).name);
    const label = list.querySelector('[data-filter=similar] [dir]');
    if (label && readFilter().similar === id) label.textContent = TEXTS.similar(id);
  } catch {
    // Deleted, or out of reach: the list says so.
  }
}
