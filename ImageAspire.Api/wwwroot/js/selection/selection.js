// Which images are selected, and the name of each: they may be far outside of what is loaded.
const MOST = 2000;

export class Selection {
  #names = new Map();
  #from = null;

  // changed() after every change; refused(text) when it would be too many.
  constructor(list, { changed, refused }) {
    this.list = list;
    this.changed = changed;
    this.refused = refused;
  }

  get size() { return this.#names.size; }
  get ids() { return [...this.#names.keys()]; }
  has(id) { return this.#names.has(id); }
  nameOf(id) { return this.#names.get(id) ?? id; }

  toggle(id) {
    if (!this.#names.delete(id)) this.#add([this.list.get(id)]);
    this.#from = id;
    this.changed();
  }

  // Everything between the last one and this.
  async range(id) {
    const [from, to] = [this.list.indexOf(this.#from), this.list.indexOf(id)];
    if (from < 0) { this.toggle(id); return; }
    await this.#addRange(Math.min(from, to), Math.max(from, to) + 1);
  }

  // Also what was not scrolled to yet, up to the most that can be selected.
  async all() {
    await this.list.load(MOST + 1);
    await this.#addRange(0, this.list.count);
  }

  clear() {
    this.#names.clear();
    this.#from = null;
    this.changed();
  }

  drop(ids) {
    for (const id of ids) this.#names.delete(id);
    this.changed();
  }

  async #addRange(from, to) {
    this.#add(await this.list.range(from, Math.min(to, from + MOST + 1)));
    this.changed();
  }

  #add(images) {
    for (const image of images) {
      if (!image) continue;
      if (this.#names.size >= MOST) { this.refused(`At most ${MOST.toLocaleString()} images can be selected at once.`); return; }
      this.#names.set(image.id, image.name);
    }
  }
}
