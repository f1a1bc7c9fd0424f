import { getImage, getTags, listImages, thumbnailUrl } from './api.js';
import { shownId, showDetails, startDetails, close } from './details.js';
import { byId, el, toast } from './dom.js';
import { follow } from './live.js';
import { startUploads } from './uploads.js';

const grid = byId('grid');
const cards = new Map();
const filter = { q: '', status: '', tag: '' };
let next = null;
let loading = false;
let generation = 0;

function card(image) {
  const picture = image.thumbnails.some(thumbnail => thumbnail.size === 256)
    ? el('img', { src: thumbnailUrl(image, 256), alt: image.analysis?.caption ?? image.name, loading: 'lazy', decoding: 'async' })
    : el('span', {}, image.status === 'received' ? 'Preparing…' : 'No preview');
  const frame = el('div', { class: 'frame' }, picture);
  if (image.placeholder) frame.style.backgroundImage = `url("${image.placeholder}")`;
  return el('li', { class: 'card', 'data-id': image.id, 'data-status': image.status },
    el('button', { onclick: () => showDetails(image.id), title: image.name }, frame,
      el('div', { class: 'text' },
        el('span', { class: 'name' }, image.name),
        el('span', { class: `status ${image.status}` }, image.status),
        el('span', { class: 'caption' }, image.failure?.message ?? image.analysis?.caption ?? ''))));
}

function put(image, atTop) {
  const fresh = card(image);
  const old = cards.get(image.id);
  cards.set(image.id, { node: fresh, version: image.version });
  if (old) old.node.replaceWith(fresh);
  else if (atTop) grid.prepend(fresh);
  else grid.append(fresh);
  byId('empty').hidden = true;
}

function remove(id) {
  cards.get(id)?.node.remove();
  cards.delete(id);
  byId('empty').hidden = cards.size > 0;
}

async function load(fromStart) {
  if (loading && !fromStart) return;
  const mine = fromStart ? ++generation : generation;
  loading = true;
  try {
    const page = await listImages(filter, fromStart ? null : next);
    if (mine !== generation) return; // a newer search has begun
    if (fromStart) { grid.replaceChildren(); cards.clear(); }
    for (const image of page.items) put(image, false);
    next = page.next ?? null;
    byId('empty').hidden = cards.size > 0;
    byId('empty').textContent = filter.q || filter.status || filter.tag ? 'Nothing matches.' : 'No images yet. Drop one above.';
  } catch (error) {
    toast(error.message);
  } finally {
    if (mine === generation) loading = false;
  }
}

// Events come in bursts; each image is fetched once a beat, and only if this page shows it or could show it.
const changed = new Set();
let beat = null;
function onEvent(type, data) {
  const id = data.image ?? data.id;
  if (type === 'deleted' || type === 'archived') {
    remove(id);
    if (shownId() === id && type === 'deleted') close();
  } else if (cards.has(id) || (type === 'received' && !filter.q && !filter.status && !filter.tag) || shownId() === id) {
    changed.add(id);
  }
  beat ??= setTimeout(refresh, 150);
}

async function refresh() {
  beat = null;
  const ids = [...changed].slice(0, 40);
  for (const id of ids) changed.delete(id);
  await Promise.all(ids.map(async id => {
    try {
      const image = await getImage(id);
      if (!(cards.get(id)?.version > image.version)) put(image, true);
      if (shownId() === id) await showDetails(id);
    } catch (error) {
      if (error.status === 404) remove(id); else toast(error.message);
    }
  }));
  if (changed.size > 0) beat ??= setTimeout(refresh, 150);
  scheduleTags();
}

let tagTimer = null;
function scheduleTags() {
  tagTimer ??= setTimeout(() => { tagTimer = null; drawTags(); }, 1000);
}

async function drawTags() {
  try {
    const { items } = await getTags();
    byId('tags').replaceChildren(...items.map(tag => el('button', {
      class: 'chip', 'aria-pressed': String(filter.tag === tag.value),
      onclick: () => { filter.tag = filter.tag === tag.value ? '' : tag.value; drawTags(); load(true); },
    }, tag.value, el('span', { class: 'count' }, String(tag.count)))));
  } catch (error) {
    toast(error.message);
  }
}

const form = byId('search');
let typing = null;
form.addEventListener('input', () => {
  clearTimeout(typing);
  typing = setTimeout(() => { filter.q = form.q.value.trim(); filter.status = form.status.value; load(true); }, 200);
});
form.addEventListener('submit', event => event.preventDefault());
new IntersectionObserver(entries => { if (entries[0].isIntersecting && next) load(false); }, { rootMargin: '800px' }).observe(byId('more'));

startUploads(image => { if (!filter.q && !filter.status && !filter.tag) put(image, true); });
startDetails();
follow(onEvent, () => load(true));
load(true);
drawTags();
