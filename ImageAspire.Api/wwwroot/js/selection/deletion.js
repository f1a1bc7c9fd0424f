import { deleteImage, eachBounded, restoreImage } from '../api.js';
import { plural } from '../dom.js';
import { settings } from '../settings.js';
import { named, toast } from '../toasts.js';

const UNDO_FOR = 8000;
const AT_ONCE = 4;

// Deletes: the images vanish at once, and what cannot be deleted comes back and is named. They are in the trash, from where Undo restores them.
// Where there is no trash a deletion is for good, and is asked about.
export class Deletion {
  #list; #gone; #apply; #waiting = 0;

  // gone(id): the image is no more; apply(image): it is back.
  constructor(list, { gone, apply }) {
    this.#list = list;
    this.#gone = gone;
    this.#apply = apply;
    addEventListener('beforeunload', event => { if (this.#waiting > AT_ONCE) event.preventDefault(); }); // those on their way are sent in any case
  }

  // images: [{ id, name }]
  async start(images) {
    const hasTrash = settings().trash !== false;
    if (!hasTrash && !confirm(`Delete ${this.#what(images)} for good?`)) return;
    const ids = images.map(image => image.id);
    this.#list.hide(ids, true);
    this.#waiting += ids.length;
    const failures = await eachBounded(images, AT_ONCE, async ({ id }) => {
      try {
        await deleteImage(id);
      } catch (error) {
        if (error.status !== 404) throw error; // gone already: just as well
      } finally {
        this.#waiting--;
      }
      this.#gone(id);
    });
    this.#list.hide(ids, false);
    const failed = new Set(failures.map(one => one.item));
    const done = images.filter(image => !failed.has(image));
    if (done.length > 0) {
      const text = `${this.#what(done)} ${done.length === 1 ? 'is' : 'are'} deleted.`;
      toast(text, hasTrash ? { action: 'Undo', onAction: () => this.#restore(done), shown: UNDO_FOR } : {});
    }
    if (failures.length > 0) toast(`Not deleted: ${named(failures, image => image.name)}`);
  }

  async #restore(images) {
    const failures = await eachBounded(images, AT_ONCE, async ({ id }) => this.#apply(await restoreImage(id)));
    if (failures.length > 0) toast(`Not restored: ${named(failures, image => image.name)}`);
  }

  #what(images) { return images.length === 1 ? `“${images[0].name}”` : plural(images.length, 'image'); }
}
