import { getTags } from './api.js';
import { byId, el } from './dom.js';
import { report } from './toasts.js';

const SHOWN = 24;
const SUGGESTED = 200;
const AT_MOST_EVERY = 4000; // counting tags is the one call that grows with the number of images

// The tags with their counts. chosen() is the present one; choose(tag) takes another, or none.
export function startTags(chosen, choose) {
  let items = [];
  let timer = null;
  let counted = 0;

  function draw() {
    const present = chosen();
    const shown = items.slice(0, SHOWN);
    const found = items.find(tag => tag.value === present);
    if (present && !shown.includes(found)) shown.unshift(found ?? { value: present, count: null });
    byId('tags').replaceChildren(...shown.map(tag => el('button', {
      type: 'button', class: 'chip', 'aria-pressed': String(tag.value === present),
      onclick: () => choose(tag.value === present ? '' : tag.value),
    }, el('span', { dir: 'auto' }, tag.value), tag.count !== null && el('span', { class: 'count' }, tag.count.toLocaleString()))));
    byId('known-tags').replaceChildren(...items.map(tag => el('option', { value: tag.value })));
  }

  async function count() {
    timer = null;
    counted = Date.now();
    try {
      ({ items } = await getTags(SUGGESTED));
      draw();
    } catch (error) {
      report(error);
    }
  }

  const soon = () => { timer ??= setTimeout(count, Math.max(500, counted + AT_MOST_EVERY - Date.now())); };
  count();
  return { draw, soon };
}
