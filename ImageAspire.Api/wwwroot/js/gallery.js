import { goTo, isPlain, onAddress, only, readFilter, toQuery } from './address.js';
import { listImages } from './api.js';
import { showDelays } from './delays.js';
import { Details } from './details/details.js';
import { byId, el } from './dom.js';
import { startFilters } from './filters.js';
import { followInput } from './list/gridInput.js';
import { GridView } from './list/gridView.js';
import { ImageList } from './list/imageList.js';
import { LiveList } from './list/liveList.js';
import { follow } from './live.js';
import { startBar } from './selection/bar.js';
import { Bulk } from './selection/bulk.js';
import { Deletion } from './selection/deletion.js';
import { Selection } from './selection/selection.js';
import { loadSettings, may, settings } from './settings.js';
import { startTags } from './tags.js';
import { report, toast } from './toasts.js';
import { UploadQueue } from './uploads/queue.js';
import { startSources } from './uploads/sources.js';
import { startTray } from './uploads/tray.js';

// Composes the parts of the gallery; each depends only on what it gets here.
const bar = document.querySelector('.bar');
new ResizeObserver(() => document.documentElement.style.setProperty('--bar', `${bar.offsetHeight}px`)).observe(bar); // what sticks below it
const grid = byId('grid');
let filter = readFilter();

const list = new ImageList({
  fetchPage: async (cursor, limit, signal) => {
    const page = await listImages(toQuery(filter), cursor, limit, signal);
    byId('meaning').hidden = page.meaning !== 'unavailable';
    return page;
  },
  changed: () => { view.changed(); showState(); },
  stale: ids => live.stale(ids),
});
const selection = new Selection(list, { changed: () => { view.redecorate(); showBar(); }, refused: toast });
const view = new GridView(grid, list, node => {
  const { id } = node.dataset;
  node.setAttribute('aria-selected', String(selection.has(id)));
  node.classList.toggle('active', input.isActive(id));
});
const details = new Details(list, {
  apply: image => live.apply(image),
  remove: image => deletion.start([image]).catch(report),
  showLike: filter => { goTo(only(filter), { push: true }); filters.show(); showAddress(); },
});
const live = new LiveList(list, view, { filter: () => filter, newer: showNewer, details });
const deletion = new Deletion(list, { gone: id => live.gone(id), apply: image => live.apply(image) });
const bulk = new Bulk(selection, image => live.apply(image));
const queue = new UploadQueue({ changed: () => drawTray(), received: image => live.apply(image) });
const drawTray = startTray(queue, id => details.open(id));

function removeSelected() {
  if (!may('write')) return;
  const images = selection.ids.map(id => ({ id, name: selection.nameOf(id) }));
  selection.clear();
  deletion.start(images).catch(report);
}

const input = followInput(grid, list, view, {
  open: id => details.open(id),
  toggle: id => selection.toggle(id),
  range: id => selection.range(id).catch(report),
  selectAll: () => selection.all().catch(report),
  remove: removeSelected,
  clear: () => selection.clear(),
  isSelecting: () => selection.size > 0,
}, () => byId('selection').getBoundingClientRect().bottom + 8);

const showBar = startBar(selection, () => filter, {
  all: () => selection.all(),
  clear: () => { selection.clear(); grid.focus({ preventScroll: true }); },
  addTag: tag => bulk.addTag(tag),
  removeTag: tag => bulk.removeTag(tag),
  archive: archived => bulk.archive(archived),
  remove: removeSelected,
});

function showNewer(count) {
  const button = byId('newer');
  button.hidden = count === 0;
  button.textContent = count === Infinity ? '↑ The list has changed' : `↑ ${count} new`;
}
byId('newer').addEventListener('click', () => { scrollTo({ top: 0 }); live.restart(); });

// The text instead of images, or below them.
function showState() {
  const box = byId('empty');
  grid.setAttribute('aria-busy', String(list.restarting));
  grid.classList.toggle('outdated', list.outdated);
  document.body.classList.toggle('first', list.started && list.count === 0 && isPlain(filter));
  const showMessage = (text, action, onclick) => {
    if (box.dataset.text !== text) box.replaceChildren(el('p', {}, text), action ? el('button', { type: 'button', onclick }, action) : '');
    box.dataset.text = text;
  };
  box.hidden = !list.error && list.started && (list.count > 0 || !list.complete);
  if (list.error) showMessage(list.error.message, 'Try again', () => list.retry());
  else if (!list.started) showMessage('Loading…');
  else if (list.count > 0) showMessage('');
  else if (isPlain(filter) && filter.archived === '') showMessage('No images yet. Drop one anywhere on this page.');
  else if (filter.similar) showMessage('No other image is like this one.', 'Show all images', () => filters.clear());
  else showMessage('Nothing matches.', 'Show all images', () => filters.clear());
}

// Shows what the address selects.
function showAddress() {
  const before = JSON.stringify(filter);
  filter = readFilter();
  if (JSON.stringify(filter) !== before) {
    selection.clear();
    scrollTo({ top: 0 });
    live.restart();
    tags.draw();
  }
  details.followAddress();
}

const filters = startFilters(showAddress);
const tags = startTags(() => filter.tag, tag => { goTo({ tag }, { push: true }); showAddress(); });
onAddress(() => { filters.show(); showAddress(); });

startSources(files => { if (may('write')) queue.add(files); else toast('Your key may not upload.'); });
follow((type, data) => {
  live.event(type, data);
  queue.event(type, data.image);
  tags.soon();
}, () => { live.missed(); queue.refresh().catch(report); tags.soon(); }, () => queue.isBusy);
loadSettings().then(() => {
  byId('operations').hidden = !may('operate');
  document.body.classList.toggle('read-only', !may('write'));
  byId('trash').hidden = !may('write') || settings().trash === false;
});
live.restart();
details.followAddress();
showDelays();
