import { addressOf, goTo, readImage } from '../address.js';
import { analyzeAgain, bareContentUrl, changeImage, contentUrl, getImage, pause } from '../api.js';
import { causeOf } from '../causes.js';
import { byId, el } from '../dom.js';
import { report, toast } from '../toasts.js';
import { buildName, buildTags } from './edit.js';
import { buildFacts, follow } from './facts.js';
import { buildHistory } from './history.js';
import { buildPreview } from './preview.js';

const PAN = 60;
const LOOKS = [0, 300, 700, 1500, 3000];

// One image, over the gallery. What is the same after an event is not drawn again: zoom, focus and what is being typed stay.
export class Details {
  #dialog = byId('details'); #list; #apply; #remove; #showLike; #image = null; #id = null; #parts = null; #zoom = null; #abort = null; #historyOf = null;

  // apply(image): a record as it is now, for the other views of it; remove(image): delete, with Undo; showLike(filter): the list, by this alone.
  constructor(list, { apply, remove, showLike }) {
    this.#showLike = showLike;
    this.#list = list;
    this.#apply = apply;
    this.#remove = remove;
    this.#dialog.addEventListener('close', () => this.#closed());
    this.#dialog.addEventListener('cancel', event => { event.preventDefault(); this.close(); });
    this.#dialog.addEventListener('click', event => { if (event.target === this.#dialog) this.close(); });
    // On the document: what had the focus may be gone after an event, and then the page has it.
    document.addEventListener('keydown', event => { if (this.#dialog.open) this.#key(event); });
  }

  shows(id) { return this.#id === id; }

  // Shows the image of the address.
  followAddress() {
    const id = readImage();
    if (id && id !== this.#id) this.#show(id); else if (!id && this.#id) this.#dialog.close();
  }

  open(id) {
    goTo({ image: id }, { push: true });
    this.#show(id);
  }

  // Back to where the reader came from, so that "back" does not open it again.
  close() {
    if (history.state?.pushed && readImage()) history.back(); else this.#dialog.close();
  }

  update(image) {
    if (this.#id !== image.id || (this.#image?.id === image.id && this.#image.version > image.version)) return;
    const before = this.#image;
    this.#image = image;
    if (!this.#parts) this.#build();
    this.#draw(before);
  }

  gone(id) {
    if (!this.shows(id)) return;
    toast('This image was deleted.');
    this.#dialog.close();
  }

  async #show(id) {
    this.#id = id;
    this.#abort?.abort();
    this.#abort = new AbortController();
    this.#parts = this.#image = this.#historyOf = null;
    if (!this.#dialog.open) { this.#dialog.replaceChildren(el('p', { class: 'loading', id: 'details-name' }, 'Loading…')); this.#dialog.showModal(); }
    try {
      const image = await getImage(id);
      if (this.#id === id) this.update(image);
    } catch (error) {
      if (this.#id !== id) return;
      report(error);
      this.#dialog.close();
    }
  }

  #closed() {
    this.#abort?.abort();
    this.#id = this.#image = this.#parts = null;
    this.#dialog.replaceChildren();
    goTo({ image: '' }, { push: false });
  }

  #build() {
    const apply = image => this.#apply(image);
    const image = () => this.#image;
    const part = kind => el('div', { class: kind });
    const step = (by, text, label) => el('button', { type: 'button', class: `step ${by < 0 ? 'before' : 'after'}`, 'aria-label': label, title: label, onclick: () => this.#step(by) }, text);
    const parts = this.#parts = {
      preview: part('preview'), state: part('state'), facts: part('facts-list'), actions: part('actions'), history: part('past'),
      name: buildName(image, apply), tags: buildTags(image, apply),
    };
    this.#dialog.replaceChildren(el('div', { class: 'inside' },
      el('div', { class: 'left' }, parts.preview, step(-1, '‹', 'Previous image (left arrow)'), step(1, '›', 'Next image (right arrow)')),
      el('div', { class: 'facts' },
        el('div', { class: 'top' }, parts.name.nodes, el('button', { type: 'button', class: 'plain close', 'aria-label': 'Close', onclick: () => this.close() }, '✕')),
        parts.state, ...parts.tags.nodes, parts.actions, parts.facts, el('h3', {}, 'History'), parts.history)));
    const at = this.#list.indexOf(this.#id);
    this.#dialog.querySelector('.before').hidden = at <= 0;
    this.#dialog.querySelector('.after').hidden = at < 0 || (this.#list.complete && at === this.#list.count - 1);
    this.#dialog.focus();
  }

  #draw(before) {
    const { preview, state, facts, actions, name, tags } = this.#parts;
    const image = this.#image;
    const differs = (...keys) => !before || keys.some(key => JSON.stringify(before[key]) !== JSON.stringify(image[key]));
    if (differs('thumbnails', 'analysis', 'width') || (!image.thumbnails.length && differs('status'))) {
      const built = buildPreview(image);
      preview.replaceChildren(built.node);
      this.#zoom = built.zoom;
    }
    if (differs('name')) name.show();
    if (differs('tags', 'analysis')) tags.show();
    if (differs('status', 'failure', 'archivedAt', 'analysis')) {
      state.replaceChildren(...buildState(image));
      actions.replaceChildren(...this.#actions(image));
    }
    facts.replaceChildren(buildFacts(image, this.#showLike));
    this.#history();
  }

  // The log is written behind the record: we look again until it has the event of this version.
  async #history() {
    const { signal } = this.#abort;
    const { history } = this.#parts;
    const { id, version } = this.#image;
    if (this.#historyOf === version) return;
    this.#historyOf = version;
    try {
      for (const wait of LOOKS) {
        await pause(wait, signal);
        const built = await buildHistory(id, signal);
        if (this.#historyOf !== version) return;
        history.replaceChildren(built.node);
        if (built.version >= version) return;
      }
    } catch (error) {
      report(error); // an AbortError: another image is shown by now
    }
  }

  #actions(image) {
    const again = () => this.#try(async () => { this.#apply(await analyzeAgain(image.id)); toast('It is analyzed again.'); });
    const archive = () => this.#try(async () => this.#apply(await changeImage(image.id, { archived: !image.archivedAt })));
    const button = (text, onclick, kind = '') => el('button', { type: 'button', class: kind, onclick }, text);
    const similar = { similar: image.id };
    return [
      (image.perceptualHash || image.analysis?.vectorModels?.length > 0) && el('a', {
        class: 'button', href: addressOf(similar), title: 'Near-duplicates, then images that look alike', onclick: event => follow(event, () => this.#showLike(similar)),
      }, 'More like this'),
      image.status === 'failed' && button('Try again', again, 'primary needs-write'),
      image.status === 'analyzed' && button('Analyze again', again, 'needs-write'),
      el('a', { class: 'button', href: contentUrl(image.id, true), download: image.name }, 'Download'),
      image.metadataEdits && el('a', {
        class: 'button', href: bareContentUrl(image.id), download: image.name, title: 'For sharing: without place, time, camera and texts of the file',
      }, 'Download without metadata'),
      button(image.archivedAt ? 'Restore' : 'Archive', archive, 'needs-write'),
      button('Delete', () => { this.#dialog.close(); this.#remove(image); }, 'danger needs-write'),
    ].filter(Boolean);
  }

  async #try(work) { try { await work(); } catch (error) { report(error); } }

  async #step(by) {
    const at = this.#list.indexOf(this.#id);
    const next = at < 0 ? null : await this.#list.at(at + by);
    if (!next || !this.#id) return;
    goTo({ image: next.id }, { push: false });
    await this.#show(next.id);
  }

  #key(event) {
    if (event.target.closest?.('input, textarea, select') || event.ctrlKey || event.metaKey || event.altKey) return;
    const zoomed = this.#zoom?.scale > 1;
    const moves = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };
    const zooms = { '+': 'in', '=': 'in', '-': 'out', 0: 'reset' };
    if (this.#zoom && event.key in zooms) this.#zoom[zooms[event.key]]();
    else if (zoomed && event.shiftKey && event.key in moves) this.#zoom.pan(...moves[event.key]);
    else if (event.key === 'ArrowLeft') this.#step(-1);
    else if (event.key === 'ArrowRight') this.#step(1);
    else return;
    event.preventDefault();
  }
}

// Where it is on its path, and why it stopped.
function buildState(image) {
  const { failure, status } = image;
  return [
    el('p', {}, el('span', { class: 'status analyzed' }, 'received ✓'), ' ', el('span', { class: `status ${status}` },
      { received: 'inspecting', inspected: 'analyzing', analyzed: 'analyzed ✓' }[status] ?? status), image.archivedAt && el('span', { class: 'archived' }, 'archived')),
    image.analysis?.caption && el('p', { class: 'sentence', dir: 'auto' }, image.analysis.caption),
    failure && el('div', { class: 'problem', role: 'note' }, el('p', { dir: 'auto' }, failure.message),
      el('p', { class: 'soft' }, `${failure.code}, in ${failure.stage}, after ${failure.attempts === 1 ? 'one attempt' : `${failure.attempts} attempts`}, ${new Date(failure.at).toLocaleString()}`),
      failure.cause && el('p', { class: 'soft' }, `Cause: ${causeOf(failure)}`),
      status === 'rejected' && el('p', { class: 'soft' }, 'A file that cannot be read stays as it is. Upload a repaired one instead.')),
  ].filter(Boolean);
}
