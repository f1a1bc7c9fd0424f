import { Pages } from './pages.js';

// A list of any length in constant memory: records are kept of the pages near the window only; the others are remembered as "so many
// images after this cursor" and read again when the user scrolls back.
const PAGE = 100;
const LARGEST_PAGE = 200;
const KEPT = 6;

export class ImageList {
  #fetchPage; #changed; #stale;
  #pages = new Pages();
  #touched = new Set(); // changed while an answer was on its way
  #newcomers = new Map(); // added while the list began anew
  #running = new Map(); // page, 'next' or 'start' → promise
  #abort = new AbortController();

  complete = false;
  error = null;
  outdated = false; // the list could not begin anew: what is here belongs to another filter

  // fetchPage(cursor, limit, signal) → { items, next }; changed() after every change; stale(ids) for records to be read again.
  constructor({ fetchPage, changed, stale }) {
    this.#fetchPage = fetchPage;
    this.#changed = changed;
    this.#stale = stale;
  }

  get count() { return this.#pages.count; }
  get started() { return this.#pages.all.length > 0; }
  get restarting() { return this.#running.has('start'); }
  get headSize() { return this.#pages.all[0]?.count ?? 0; }

  slice(from, to) { return this.#pages.slice(from, to); }
  has(id) { return this.#pages.has(id); }
  get(id) { return this.#pages.get(id); }
  indexOf(id) { return this.#pages.indexOf(id); }

  // From the beginning, perhaps with another filter. What is shown stays until the answer is here.
  restart() {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#running.clear();
    this.#newcomers.clear();
    const started = this.#run('start', null, PAGE, answer => {
      const page = this.#pages.begin(answer);
      this.complete = page.next === null;
      for (const image of this.#newcomers.values()) this.#pages.insert(image, this.complete);
      return page;
    });
    this.#changed();
    return started;
  }

  // Once the list has begun, when it is just beginning.
  settled() { return this.#running.get('start') ?? Promise.resolve(); }

  // What is here is read again, from where each page begins.
  reread() { for (const page of this.#pages.all.slice(1)) if (page.items !== null) this.#refill(page); }

  retry() {
    this.error = null;
    return this.started && !this.outdated ? this.#loadNext() : this.restart();
  }

  // Sees to it that these records are here soon, and that what is far away from them is not.
  want(from, to) {
    if (!this.started || this.restarting) return;
    const touched = this.#pages.between(from, to).map(one => one.page);
    // New images come at the top: what was the first page is not any more. Who is back at the top begins anew.
    if (touched[0] === this.#pages.all[0] && touched[0]?.items === null) { this.restart(); return; }
    for (const page of touched) if (page.items === null && !this.error) this.#refill(page);
    if (to + PAGE / 2 > this.count && !this.error) this.#loadNext();
    const middle = this.#pages.all.indexOf(touched[0]);
    this.#pages.all.map((page, index) => ({ page, far: Math.abs(index - middle) })).filter(one => one.page.items !== null)
      .sort((a, b) => a.far - b.far).slice(KEPT).forEach(one => this.#pages.drop(one.page));
  }

  // The record at an index, read when it is not here; null beyond the end.
  async at(index) {
    for (let tries = 0; tries < 3 && index >= 0; tries++) {
      const [record] = this.slice(index, index + 1);
      if (record) return record;
      const page = this.#pages.between(index, index + 1)[0]?.page;
      await (page ? this.#refill(page) : this.#loadNext());
    }
    return null;
  }

  // Goes on until so many are known, or all.
  async load(count) { while (!this.complete && this.count < count && !this.error) await this.#loadNext(); }

  // Records of a range, also of pages that are not kept; they are not kept because of this either.
  async range(from, to) {
    const found = [];
    for (const { page, at } of this.#pages.between(from, to)) {
      const shown = page.shown ?? this.#pages.visible((await this.#fetchPage(page.cursor, PAGE, this.#abort.signal)).items);
      found.push(...shown.slice(Math.max(0, from - at), to - at));
    }
    return found;
  }

  // A record as it is now. An older version than the one that is here changes nothing.
  update(image) { if (this.#pages.replace(image)) this.#changed(); }

  // Deleted; or not what the filter asks for any more.
  remove(id, version) { if (this.#pages.remove(id, version)) this.#changed(); }
  leave(id) { if (this.#pages.leave(id)) this.#changed(); }

  // Only for "newest first".
  insert(image) {
    if (this.restarting) this.#newcomers.set(image.id, image);
    const there = this.#pages.insert(image, this.complete);
    if (there) this.#changed();
    return there;
  }

  hide(ids, hidden) { this.#pages.hide(ids, hidden); this.#changed(); }

  // Something happened to an image; an answer that is on its way may have been made before that.
  touch(id) { if (this.#running.size > 0) this.#touched.add(id); }

  #refill(page) {
    if (this.restarting) return this.#running.get('start');
    return this.#run(page, page.cursor, LARGEST_PAGE, answer => this.#pages.refill(page, answer.items));
  }

  #loadNext() {
    if (this.restarting) return this.#running.get('start');
    const last = this.#pages.last;
    if (this.complete || !last) return Promise.resolve();
    return this.#run('next', last.next, PAGE, answer => {
      const page = this.#pages.add(last.next, answer);
      this.complete = page.next === null;
      return page;
    });
  }

  // One request for each key at a time; its answer is dropped when the list has begun anew meanwhile.
  #run(key, cursor, limit, apply) {
    if (this.#running.has(key)) return this.#running.get(key);
    const { signal } = this.#abort;
    const run = async () => {
      let page = null;
      let failure = null;
      try {
        const answer = await this.#fetchPage(cursor, limit, signal);
        if (signal.aborted) return;
        page = apply(answer);
      } catch (error) {
        if (signal.aborted) return;
        failure = error;
      }
      this.error = failure;
      if (key === 'start') this.outdated = failure !== null;
      this.#running.delete(key);
      this.#arrived(page);
    };
    const promise = run();
    this.#running.set(key, promise);
    return promise;
  }

  #arrived(page) {
    const stale = (page?.items ?? []).filter(image => this.#touched.has(image.id)).map(image => image.id);
    if (this.#running.size === 0) this.#touched.clear();
    if (stale.length > 0) this.#stale(stale);
    this.#changed();
  }
}
