import { changeImage, eachBounded, getImage } from '../api.js';
import { plural } from '../dom.js';
import { named, toast } from '../toasts.js';

const AT_ONCE = 4;
const TRIES = 4;

// Does the same to many images, a few at a time, and shows the result: how many succeeded, and which failed.
export class Bulk {
  #selection; #apply;

  // apply(image): a record as it is after its change.
  constructor(selection, apply) {
    this.#selection = selection;
    this.#apply = apply;
  }

  addTag(tag) { return this.#run('tagged', id => changeTags(id, tags => tags.includes(tag) ? tags : [...tags, tag])); }

  removeTag(tag) { return this.#run('untagged', id => changeTags(id, tags => tags.filter(one => one !== tag))); }

  async archive(archived, ids = this.#selection.ids) {
    const names = this.#names(ids);
    this.#selection.drop(ids);
    const failures = await eachBounded(ids, AT_ONCE, async id => this.#apply(await changeImage(id, { archived })));
    const failed = new Set(failures.map(one => one.item));
    const done = ids.filter(id => !failed.has(id));
    if (done.length > 0) toast(`${plural(done.length, 'image')} ${archived ? 'archived' : 'restored'}.`, { action: 'Undo', onAction: () => this.archive(!archived, done), shown: 8000 });
    this.#report(failures, names);
  }

  #names(ids) { return new Map(ids.map(id => [id, this.#selection.nameOf(id)])); }

  async #run(done, change) {
    const ids = this.#selection.ids;
    const names = this.#names(ids);
    const failures = await eachBounded(ids, AT_ONCE, async id => this.#apply(await change(id)));
    const good = ids.length - failures.length;
    if (good > 0) toast(`${plural(good, 'image')} ${done}.`);
    this.#report(failures, names);
  }

  #report(failures, names) {
    if (failures.length > 0) toast(`${failures.length} not changed: ${named(failures, id => names.get(id))}`, { shown: 15_000 });
  }
}

// A change replaces all tags, so it must begin from the present ones: a concurrent change makes it read them again.
async function changeTags(id, change) {
  for (let tries = 1; ; tries++) {
    const image = await getImage(id);
    const tags = change(image.tags);
    if (tags.length === image.tags.length) return image;
    try {
      return await changeImage(id, { tags }, image.version);
    } catch (error) {
      if (error.status !== 412 || tries === TRIES) throw error;
    }
  }
}
