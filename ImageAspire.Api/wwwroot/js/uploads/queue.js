import { eachBounded, getImage, pause } from '../api.js';
import { bytes } from '../dom.js';
import { signedOut } from '../session.js';
import { settings } from '../settings.js';
import { PARTS_FROM, sendInParts } from './parts.js';
import { send } from './sender.js';

// One file a request: each has its own progress and result, and can be cancelled or retried alone.
const AT_ONCE = 3;
const MAX_WAITS = 20;
const RETRY_DELAYS = [1000, 2000, 4000, 8000];
const REMEMBERED = 2000;
const OUTCOMES = ['received', 'inspected', 'analyzed', 'rejected', 'failed', 'deleted'];
const FINAL = ['analyzed', 'rejected', 'failed', 'deleted'];

// The order of the list: what needs attention first.
export const STATES = ['sending', 'failed', 'refused', 'waiting', 'received', 'cancelled'];

// The files and their states; no element of the page. An item is { file, state, loaded, speed, reason, image, outcome }: "state" is that of
// the upload, "outcome" the last status of the image.
export class UploadQueue {
  #items = Object.fromEntries(STATES.map(state => [state, new Set()]));
  #byImage = new Map();
  #earlyEvents = new Map(); // live events that arrived before the response to the upload
  #paused = null;

  notice = null; // why nothing is sent just now

  constructor({ changed, received }) {
    this.changed = changed;
    this.received = received;
  }

  get total() { return STATES.reduce((sum, state) => sum + this.count(state), 0); }
  get isBusy() { return this.count('sending') + this.count('waiting') > 0; }
  count(state) { return this.#items[state].size; }
  outcomes(outcome) { return [...this.#items.received].filter(item => item.outcome === outcome).length; }
  get unsettled() { return [...this.#items.received].filter(item => !FINAL.includes(item.outcome)); }

  slice(from, to) {
    const found = [];
    let at = 0;
    for (const state of STATES) {
      const items = this.#items[state];
      if (at + items.size > from && at < to) found.push(...[...items].slice(Math.max(0, from - at), to - at));
      at += items.size;
    }
    return found;
  }

  add(files) {
    const { maxImageBytes = Infinity } = settings();
    for (const file of files) {
      const tooLarge = file.size > maxImageBytes;
      const reason = tooLarge ? `This file is too large: ${bytes(file.size)}, and at most ${bytes(maxImageBytes)} are accepted.` : undefined;
      this.#set({ file, loaded: 0, waits: 0, reason }, tooLarge ? 'refused' : 'waiting');
    }
    this.#next();
  }

  retry(item) {
    item.loaded = item.waits = 0;
    item.reason = undefined;
    this.#set(item, 'waiting');
    this.#next();
  }

  retryFailed() { for (const item of [...this.#items.failed]) this.retry(item); }

  cancel(item) {
    if (item.request) item.request.abort(); else this.#set(item, 'cancelled');
  }

  cancelAll() {
    for (const item of [...this.#items.waiting]) this.#set(item, 'cancelled');
    for (const item of [...this.#items.sending]) this.cancel(item);
  }

  clear() {
    for (const state of ['failed', 'refused', 'received', 'cancelled']) this.#items[state].clear();
    this.#byImage.clear();
    this.changed();
  }

  // An event of the live feed.
  event(type, id) {
    if (!OUTCOMES.includes(type)) return;
    const item = this.#byImage.get(id);
    if (item) { item.outcome = type; this.changed(); return; }
    this.#earlyEvents.set(id, type);
    if (this.#earlyEvents.size > REMEMBERED) this.#earlyEvents.delete(this.#earlyEvents.keys().next().value);
  }

  // The live feed was reset: read the images again that may have changed.
  async refresh() {
    await eachBounded(this.unsettled.slice(0, REMEMBERED), AT_ONCE, async item => { item.outcome = (await getImage(item.image.id)).status; });
    this.changed();
  }

  #set(item, state) {
    this.#items[item.state]?.delete(item);
    item.state = state;
    this.#items[state].add(item);
    this.changed();
  }

  #next() {
    while (!this.#paused && this.count('sending') < AT_ONCE && this.count('waiting') > 0) this.#send(this.#items.waiting.values().next().value);
  }

  async #send(item) {
    this.#set(item, 'sending');
    const began = performance.now();
    const sendFile = item.file.size > PARTS_FROM ? sendInParts : send;
    const end = await sendFile(item.file, {
      onProgress: (loaded, total, sent) => {
        item.loaded = total > 0 ? loaded / total : 1;
        item.speed = sent / Math.max(1, performance.now() - began) * 1000;
        this.changed();
      },
      onRequest: request => { item.request = request; },
    });
    item.request = undefined;
    item.reason = end.reason;
    if (end.state === 'received') this.#receive(item, end.image);
    else if (end.state === 'later' && ++item.waits <= MAX_WAITS) this.#later(item, end.seconds);
    else if (end.state === 'signed-out') this.#untilSignedIn(item);
    else this.#set(item, end.state === 'later' || end.state === 'unreachable' ? 'failed' : end.state);
    if (end.state === 'unreachable') this.#untilReachable();
    this.#next();
  }

  #receive(item, image) {
    item.image = { id: image.id, duplicate: image.duplicate };
    item.loaded = 1;
    item.outcome = image.duplicate ? image.status : this.#earlyEvents.get(image.id) ?? image.status;
    this.#earlyEvents.delete(image.id);
    this.#byImage.set(image.id, item);
    this.#set(item, 'received');
    this.received(image);
  }

  #later(item, seconds) {
    this.#set(item, 'waiting');
    this.#pauseUntil(`The server is busy; uploading continues in ${Math.max(1, seconds)} s.`, () => pause(seconds * 1000));
  }

  // An ended session loses no file: this one and the following ones wait until there is a session again.
  #untilSignedIn(item) {
    this.#set(item, 'waiting');
    this.#pauseUntil('You are signed out. Sign in, and the waiting files are sent.', signedOut);
  }

  // One broken connection is one failed file. Without this, a server that restarts would make all the others fail within a second.
  #untilReachable() {
    this.#pauseUntil('The server cannot be reached. The other files wait for it.', async () => {
      for (let tries = 0; !await fetch('/alive').then(answer => answer.ok, () => false); tries++) {
        await pause(RETRY_DELAYS[Math.min(tries, RETRY_DELAYS.length - 1)]);
      }
    });
  }

  async #pauseUntil(notice, until) {
    if (this.#paused) return;
    this.notice = notice;
    this.#paused = until();
    this.changed();
    await this.#paused;
    this.#paused = this.notice = null;
    this.changed();
    this.#next();
  }
}
