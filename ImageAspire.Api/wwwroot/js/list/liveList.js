import { isPlain } from '../address.js';
import { eachBounded, getImage } from '../api.js';
import { report } from '../toasts.js';

const BEAT = 150; // events come in bursts: each image is read once a beat
const HEAD_BEAT = 500;
const AT_ONCE = 4;
const LARGEST_HEAD = 300;

// Keeps the list true while things happen. What is shown is read again; what is new comes in at the top, unless the reader is further down:
// then nothing moves, and a button shows that there is something new.
export class LiveList {
  #list; #view; #filter; #newer; #details;
  #changed = new Set();
  #beat = null;
  #headBeat = null;
  #above = new Set(); // new images that wait above the window

  // filter() → the present filter; newer(count) reports how many images wait above (Infinity: the list has changed);
  // details: { shows(id), update(image), gone(id) }, which may show an image that the list does not.
  constructor(list, view, { filter, newer, details }) {
    this.#list = list;
    this.#view = view;
    this.#filter = filter;
    this.#newer = newer;
    this.#details = details;
  }

  event(type, { image: id, version, status }) {
    const filter = this.#filter();
    this.#list.touch(id);
    const known = this.#list.get(id);
    if (type === 'deleted' || type === 'purged') {
      if (!(known?.version > version)) this.gone(id, version); // else it was restored since
      return;
    }
    if (known ? known.version < version : this.#details.shows(id)) this.stale([id]);
    else if (known) return;
    else if (this.#isPlain(filter)) { if (type === 'received' || type === 'restored') this.stale([id]); }
    else if (!filter.status || filter.status === status) this.#headChanged();
  }

  // A record as it is now, wherever it comes from.
  apply(image) {
    if (this.#details.shows(image.id)) this.#details.update(image);
    if (!belongs(image, this.#filter())) this.#list.leave(image.id);
    else if (this.#list.has(image.id)) this.#list.update(image);
    else if (this.#isPlain(this.#filter())) this.#newcomer(image);
    else this.#headChanged();
  }

  gone(id, version) {
    this.#list.remove(id, version);
    this.#details.gone(id);
  }

  // These are to be read again.
  stale(ids) {
    for (const id of ids) this.#changed.add(id);
    this.#beat ??= setTimeout(() => this.#read(), BEAT);
  }

  // The list begins anew: nothing waits above it any more.
  restart() {
    this.#above.clear();
    this.#newer(0);
    return this.#list.restart();
  }

  // Events were missed. At the top the list is reloaded; further down the scroll position is kept.
  async missed() {
    await this.#list.settled();
    if (this.#view.atTop) { this.restart(); return; }
    this.#list.reread();
    this.#newer(Infinity);
  }

  // Whether a new image belongs to the list, and at its top, is decided without a request.
  #isPlain(filter) { return isPlain(filter) && !filter.sort; }

  async #read() {
    const ids = [...this.#changed];
    this.#changed.clear();
    const failures = await eachBounded(ids, AT_ONCE, async id => this.apply(await getImage(id)));
    for (const { item, error } of failures) if (error.status === 404) this.gone(item);
    const other = failures.find(({ error }) => error.status !== 404);
    if (other) report(other.error);
    this.#beat = null;
    if (this.#changed.size > 0) this.stale([]);
  }

  #newcomer(image) {
    const [first] = this.#list.slice(0, 1);
    const onTop = this.#list.started && (!first || image.id > first.id);
    if (onTop && !this.#view.atTop) this.#newer(this.#above.add(image.id).size);
    else if (onTop && this.#list.headSize > LARGEST_HEAD) this.#headChanged();
    else this.#list.insert(image);
  }

  #headChanged() {
    this.#headBeat ??= setTimeout(() => {
      this.#headBeat = null;
      if (this.#view.atTop) this.restart(); else this.#newer(Infinity);
    }, HEAD_BEAT);
  }
}

// As far as it can be decided without the server, which matches words and tags.
function belongs(image, { status, archived }) {
  if (status && status !== image.status) return false;
  return archived === 'all' || (archived === 'true') === Boolean(image.archivedAt);
}
