const REMEMBERED = 5000;

// The pages of a list that were seen so far, in order. A page is { cursor, next, first, size, items, shown, count }: items and shown are
// null while its records are not kept; first and size describe what was there.
export class Pages {
  #all = [];
  #where = new Map(); // id → its page, for the records that are here
  #gone = new Map(); // id → version of deleted ones; an answer that was on its way may still name them, and one that was restored has a later version
  #left = new Map(); // do not match the filter any more; the same, whatever their version
  #hidden = new Set(); // about to be deleted, and perhaps taken back

  get all() { return this.#all; }
  get count() { return this.#all.reduce((sum, page) => sum + page.count, 0); }
  get last() { return this.#all.at(-1); }

  // Begins anew with one page; records that are known in a newer version than the answer has stay.
  begin(answer) {
    const newest = id => this.get(id);
    const items = answer.items.map(image => newest(image.id)?.version > image.version ? newest(image.id) : image);
    this.#where = new Map();
    this.#left.clear();
    this.#all = [];
    return this.add(null, { items, next: answer.next });
  }

  add(cursor, answer) {
    const page = { cursor, next: answer.next ?? null, first: answer.items[0]?.id, size: answer.items.length, items: null, shown: null, count: 0 };
    this.#all.push(page);
    return this.#keep(page, answer.items);
  }

  // The records of a page, read again from where it begins. What came in between may have moved its end: it reaches to where the next begins.
  refill(page, items) {
    const next = this.#all[this.#all.indexOf(page) + 1];
    const end = next ? items.findIndex(image => image.id === next.first || this.#where.get(image.id) === next) : items.length;
    return this.#keep(page, items.slice(0, end < 0 ? page.size : end));
  }

  drop(page) {
    for (const image of page.items) this.#where.delete(image.id);
    page.first = page.items[0]?.id ?? page.first;
    page.size = page.items.length;
    page.items = page.shown = null;
  }

  has(id) { return this.#where.has(id); }
  get(id) { return this.#where.get(id)?.items.find(image => image.id === id); }

  // The records from one index to another; null for those that are not here just now.
  slice(from, to) {
    const found = [];
    let at = 0;
    for (const page of this.#all) {
      for (let i = Math.max(from, at); i < Math.min(to, at + page.count); i++) found.push(page.shown?.[i - at] ?? null);
      at += page.count;
      if (at >= to) break;
    }
    return found;
  }

  // The pages that a range touches, each with the index of its first record.
  between(from, to) {
    const found = [];
    let at = 0;
    for (const page of this.#all) {
      if (at < to && at + page.count > from) found.push({ page, at });
      at += page.count;
    }
    return found;
  }

  indexOf(id) {
    const home = this.#where.get(id);
    let at = 0;
    for (const page of this.#all) {
      if (page === home) { const i = page.shown.findIndex(image => image.id === id); return i < 0 ? -1 : at + i; }
      at += page.count;
    }
    return -1;
  }

  replace(image) {
    const page = this.#where.get(image.id);
    const i = page?.items.findIndex(one => one.id === image.id) ?? -1;
    if (i < 0 || page.items[i].version > image.version) return false;
    page.items[i] = page.items[i].like ? { ...image, like: page.items[i].like } : image; // how it was found is not on the record
    this.#settle(page);
    return true;
  }

  // version: that of the deletion, when it is known.
  remove(id, version = 0) { return this.#take(id, this.#gone, Math.max(version, this.get(id)?.version ?? 0)); }

  leave(id) { return this.#take(id, this.#left, Infinity); }

  #take(id, memory, version) {
    memory.set(id, version);
    if (memory.size > REMEMBERED) memory.delete(memory.keys().next().value);
    const page = this.#where.get(id);
    if (!page) return false;
    this.#where.delete(id);
    page.items = page.items.filter(image => image.id !== id);
    this.#settle(page);
    return true;
  }

  // Puts a record where "newest first" has it, as ids grow with time. False when that place is not here.
  insert(image, complete) {
    this.#left.delete(image.id);
    if (this.has(image.id)) return this.replace(image);
    let above = null; // the oldest id of the page before; undefined when that page is not here
    for (const page of this.#all) {
      const oldest = page.items?.at(-1)?.id;
      const reaches = oldest < image.id || (complete && page === this.last);
      if (page.items && reaches && above !== undefined) {
        const i = page.items.findIndex(one => one.id < image.id);
        page.items.splice(i < 0 ? page.items.length : i, 0, image);
        this.#where.set(image.id, page);
        this.#settle(page);
        return true;
      }
      above = oldest;
    }
    return false;
  }

  hide(ids, hidden) {
    for (const id of ids) if (hidden) this.#hidden.add(id); else this.#hidden.delete(id);
    for (const page of this.#all) this.#settle(page);
  }

  visible(items) { return this.#present(items).filter(image => !this.#hidden.has(image.id)); }

  #present(items) { return items.filter(image => !(this.#gone.get(image.id) >= image.version) && !this.#left.has(image.id)); }

  // Answers may overlap when images came or went between them: each image is shown once.
  #keep(page, items) {
    page.items = this.#present(items).filter(image => (this.#where.get(image.id) ?? page) === page);
    for (const image of page.items) this.#where.set(image.id, page);
    this.#settle(page);
    return page;
  }

  #settle(page) {
    if (page.items === null) return;
    page.shown = this.visible(page.items);
    page.count = page.shown.length;
  }
}
