import { readFilter } from './address.js';
import { middleOf } from './area.js';
import { byId, el } from './dom.js';

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
  return keys.length;
}
