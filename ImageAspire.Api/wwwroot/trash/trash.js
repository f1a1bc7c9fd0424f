import { eachBounded, listTrash, purgeImage, restoreImage, trashThumbnailUrl, hasThumbnail } from '/js/api.js';
import { byId, el, plural, showPlaceholder, toast } from '/js/dom.js';
import { named, report } from '/js/toasts.js';

const PAGE = 60;
const AT_ONCE = 4;
const grid = byId('grid');
let next = null;

// What was deleted last comes first; each can be restored until its time is over.
async function load() {
  try {
    const page = await listTrash(next, PAGE);
    next = page.next ?? null;
    grid.append(...page.items.map(buildCard));
    show();
  } catch (error) {
    byId('state').textContent = error.status === 403 ? 'Your key may not see the trash: that needs the scopes read and write.' : error.message;
  }
}

function show() {
  const isEmpty = grid.childElementCount === 0 && next === null;
  byId('state').hidden = !isEmpty;
  byId('state').textContent = 'The trash is empty.';
  byId('purge-all').hidden = isEmpty;
  byId('more').hidden = next === null;
  if (grid.childElementCount === 0 && next !== null) load();
}

function buildCard(image) {
  const frame = el('div', { class: 'frame' }, hasThumbnail(image, 256) ? thumbnail(image) : el('span', { class: 'no-preview' }, 'No preview'));
  showPlaceholder(frame, image);
  const card = el('li', { class: 'card' }, frame,
    el('div', { class: 'text' }, el('span', { class: 'name', dir: 'auto', title: image.name }, image.name),
      el('span', { class: 'soft' }, `Deleted ${when(image.deletedAt)} by `, el('bdi', {}, image.deletedBy)),
      el('span', { class: 'soft' }, `Kept until ${when(image.purgeAt)}`)),
    el('div', { class: 'actions' },
      button('Restore', async () => { await restoreImage(image.id); toast(`“${image.name}” is restored.`); }),
      button('Delete for good', async () => confirm(`Delete “${image.name}” for good?`) && await purgeImage(image.id), 'danger')));
  return card;

  // After work, unless that was called off, the image is not in the trash any more; nor when it is not found.
  function button(text, work, kind = '') {
    const node = el('button', { type: 'button', class: kind, 'aria-label': `${text}: ${image.name}`, onclick: async () => {
      node.disabled = true;
      try {
        if (await work() !== false) remove();
      } catch (error) {
        if (error.status === 404) remove(); else report(error);
      } finally {
        node.disabled = false;
      }
    } }, text);
    return node;
  }

  function remove() {
    const neighbour = card.nextElementSibling ?? card.previousElementSibling;
    card.remove();
    show();
    (neighbour?.querySelector('button') ?? document.querySelector('.bar .button')).focus();
  }
}

function thumbnail(image) {
  const img = el('img', { src: trashThumbnailUrl(image.id), alt: '', decoding: 'async', loading: 'lazy' });
  img.addEventListener('load', () => img.classList.add('here'), { once: true });
  return img;
}

const when = time => new Date(time).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' });

// Those that are deleted meanwhile stay: only what is there now was asked about.
async function purgeAll() {
  if (!confirm('Delete everything in the trash for good?')) return;
  const images = [];
  for (let cursor = null; ;) {
    const page = await listTrash(cursor, 200);
    images.push(...page.items);
    if (!page.next) break;
    cursor = page.next;
  }
  const failures = (await eachBounded(images, AT_ONCE, image => purgeImage(image.id))).filter(({ error }) => error.status !== 404);
  toast(failures.length === 0 ? `${plural(images.length, 'image')} erased.` : `Not erased: ${named(failures, image => image.name)}`);
  next = null;
  grid.replaceChildren();
  await load();
}

byId('more').addEventListener('click', load);
byId('purge-all').addEventListener('click', async () => {
  const all = byId('purge-all');
  all.disabled = true;
  try { await purgeAll(); } catch (error) { report(error); } finally { all.disabled = false; }
});
load();
