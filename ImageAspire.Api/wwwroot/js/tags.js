import { getTags } from './api.js';
import { byId, el } from './dom.js';
import { report } from './toasts.js';

// Where tags of a group are shown, and how many: what is in the images, colours, and what else was measured.
const GROUPS = { content: ['tags', 24], color: ['colors', 12], measured: ['measures', 12] };
const SUGGESTED = 200;
const AT_MOST_EVERY = 4000; // counting tags is the one call that grows with the number of images

// The tags with their counts. chosen() is the present one; choose(tag) takes another, or none.
export function startTags(chosen, choose) {
  let items = [];
  let timer = null;
  let counted = 0;

  function draw() {
    const present = chosen();
    const found = items.find(tag => tag.value === present) ?? (present ? { value: present, count: null, group: 'content' } : null);
    for (const [group, [place, most]] of Object.entries(GROUPS)) {
      const shown = items.filter(tag => tag.group === group).slice(0, most);
      if (found?.group === group && !shown.includes(found)) shown.unshift(found);
      byId(place).replaceChildren(...shown.map(tag => el('button', {
        type: 'button', class: 'chip', 'aria-pressed': String(tag.value === present),
        onclick: () => choose(tag.value === present ? '' : tag.value),
      }, group === 'color' && swatch(tag.value), el('span', { dir: 'auto' }, tag.value), tag.count !== null && el('span', { class: 'count' }, tag.count.toLocaleString()))));
    }
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

// The names are those of the service, which CSS knows too; "black and white" is the one that is none.
function swatch(name) {
  const node = el('span', { class: 'swatch', 'aria-hidden': 'true' });
  node.style.background = name === 'black and white' ? 'linear-gradient(90deg, black 50%, white 50%)' : name;
  return node;
}
