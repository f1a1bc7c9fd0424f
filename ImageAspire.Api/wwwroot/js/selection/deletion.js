import { deleteImage, eachBounded } from '../api.js';
import { plural } from '../dom.js';
import { named, toast } from '../toasts.js';

const UNDO_FOR = 8000;
const AT_ONCE = 4;
const ON_LEAVING = 15; // browsers let a page that goes away send a few requests only

// The API deletes for good. So that there is an Undo, the gallery holds a deletion back: the images vanish at once, and the calls are sent
// when the time for Undo is over, or when the page is left. What cannot be deleted comes back and is named.
export class Deletion {
  #list; #gone; #waiting = new Map(); // id → name

  // gone(id): the image is no more.
  constructor(list, gone) {
    this.#list = list;
    this.#gone = gone;
    addEventListener('pagehide', () => this.#leave());
    addEventListener('beforeunload', event => { if (this.#waiting.size > ON_LEAVING) event.preventDefault(); });
  }

  // images: [{ id, name }]
  start(images) {
    const ids = images.map(image => image.id);
    for (const { id, name } of images) this.#waiting.set(id, name);
    this.#list.hide(ids, true);
    let timer = null;
    const undo = () => {
      clearTimeout(timer);
      this.#takeBack(ids);
    };
    const what = images.length === 1 ? `“${images[0].name}” is deleted.` : `${plural(images.length, 'image')} are deleted.`;
    toast(what, { action: 'Undo', onAction: undo, shown: UNDO_FOR });
    timer = setTimeout(() => this.#send(ids), UNDO_FOR);
  }

  isWaiting(id) { return this.#waiting.has(id); }

  #takeBack(ids) {
    for (const id of ids) this.#waiting.delete(id);
    this.#list.hide(ids, false);
  }

  async #send(ids) {
    const names = new Map(ids.map(id => [id, this.#waiting.get(id)]));
    const failures = (await eachBounded(ids, AT_ONCE, async id => {
      await deleteImage(id);
      this.#done(id);
    })).filter(({ item, error }) => error.status !== 404 || this.#done(item)); // gone already: just as well
    if (failures.length === 0) return;
    this.#takeBack(failures.map(one => one.item));
    toast(`Not deleted: ${named(failures, id => names.get(id))}`);
  }

  #done(id) {
    this.#waiting.delete(id);
    this.#gone(id);
    this.#list.hide([id], false);
    return false;
  }

  #leave() {
    for (const id of [...this.#waiting.keys()].slice(0, ON_LEAVING)) {
      fetch(`/api/images/${id}`, { method: 'DELETE', keepalive: true });
      this.#waiting.delete(id);
    }
  }
}
