import { ApiError, getImage, pause } from '../api.js';
import { isReadable, outcome } from './sender.js';
import { forget, recall, remember } from './remembered.js';

// Larger files go in parts, by the protocol tus 1.0.0: a connection that breaks, a server that restarts, or a page that is loaded again costs
// no more than what was on its way.
export const PARTS_FROM = 5 * 1024 * 1024;
const PART = 8 * 1024 * 1024;
const WAITS = [500, 1000, 2000, 4000, 8000];
const BROKEN = 'The connection broke. Retry continues where it stopped.';

const active = new Set(); // addresses that this page is sending to: the same file chosen twice is two uploads

// Like send() of sender.js, with the same ends.
export async function sendInParts(file, { onProgress, onRequest }) {
  const upload = new Upload(file, onProgress);
  onRequest(upload);
  try {
    return await upload.run();
  } finally {
    active.delete(upload.address);
  }
}

class Upload {
  #request = null;
  #cancelled = false;
  #offset = 0;
  #sent = 0; // bytes sent by this page
  address = null;

  constructor(file, onProgress) { this.file = file; this.onProgress = onProgress; }

  abort() {
    this.#cancelled = true;
    this.#request?.abort();
  }

  async run() {
    this.#takeRemembered();
    // A try that got further makes the next one the first again.
    for (let tries = 0, best = -1; ; tries++) {
      const end = await this.#once();
      if (this.#cancelled) return this.#remove();
      if (end.state === 'received') return this.#received(end.image, end.duplicate);
      if (end.state !== 'again') { if (end.state === 'refused') forget(this.file); return end; }
      if (this.#offset > best) { best = this.#offset; tries = 0; }
      if (tries === WAITS.length) return end.locked ? { state: 'later', seconds: 5 } : { state: 'unreachable', reason: BROKEN };
      if (!await isReadable(this.file)) return { state: 'refused', reason: 'This file cannot be read any more. It may have been moved or changed; choose it again.' };
      await pause(WAITS[tries]);
      if (this.#cancelled) return this.#remove();
    }
  }

  #takeRemembered() {
    const address = recall(this.file);
    if (!address || active.has(address)) return;
    this.address = address;
    active.add(address);
  }

  // Requests the offset or creates the upload; then sends until the end or the first error.
  async #once() {
    const early = await (this.address ? this.#resume() : this.#create());
    if (early) return early;
    while (this.#offset < this.file.size) {
      const answer = await this.#call('PATCH', this.address, { 'Upload-Offset': this.#offset, 'Content-Type': 'application/offset+octet-stream' },
        this.file.slice(this.#offset, this.#offset + PART));
      if (answer.status !== 204) return this.#endOf(answer);
      this.#offset = Number(answer.getResponseHeader('Upload-Offset'));
      const image = this.#imageOf(answer);
      if (image) return image;
    }
    return { state: 'again' }; // all bytes are stored and no image was reported: request the state
  }

  async #create() {
    const answer = await this.#call('POST', '/api/uploads', { 'Upload-Length': this.file.size, 'Upload-Metadata': `filename ${base64(this.file.name.slice(0, 500))}` });
    if (answer.status !== 201) return this.#endOf(answer);
    this.address = new URL(answer.getResponseHeader('Location'), location.origin).pathname;
    this.#offset = 0;
    active.add(this.address);
    remember(this.file, this.address);
    return null;
  }

  async #resume() {
    const answer = await this.#call('HEAD', this.address);
    if (answer.status === 404 || answer.status === 410 || (answer.status === 200 && Number(answer.getResponseHeader('Upload-Length')) !== this.file.size)) {
      // It expired or belongs to another key: create it again.
      forget(this.file);
      active.delete(this.address);
      this.address = null;
      return this.#create();
    }
    if (answer.status !== 200) return this.#endOf(answer);
    this.#offset = Number(answer.getResponseHeader('Upload-Offset'));
    this.onProgress(this.#offset, this.file.size, this.#sent);
    return this.#imageOf(answer);
  }

  #imageOf(answer) {
    const image = answer.getResponseHeader('Image-Id');
    return image && { state: 'received', image, duplicate: answer.getResponseHeader('Image-Duplicate') === 'true' };
  }

  #endOf(answer) {
    if ([0, 404, 409, 410, 423].includes(answer.status)) return { state: 'again', locked: answer.status === 423 };
    return outcome(answer);
  }

  // The record, as a plain upload returns it.
  async #received(id, duplicate) {
    try {
      const image = await getImage(id);
      forget(this.file);
      return { state: 'received', image: duplicate ? { ...image, duplicate } : image };
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) { forget(this.file); return { state: 'failed', reason: 'It was received, and deleted since.' }; }
      return error.status === 401 ? { state: 'signed-out' } : { state: 'unreachable', reason: BROKEN };
    }
  }

  // An upload that cannot be removed now expires on the server.
  async #remove() {
    forget(this.file);
    if (this.address) await this.#call('DELETE', this.address);
    return { state: 'cancelled' };
  }

  #call(method, address, headers = {}, body = null) {
    const [from, sent] = [this.#offset, this.#sent];
    return new Promise(resolve => {
      const request = new XMLHttpRequest(); // fetch does not report upload progress
      request.open(method, address);
      request.setRequestHeader('Tus-Resumable', '1.0.0');
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, String(value));
      if (body) {
        request.upload.onprogress = event => {
          this.#sent = sent + event.loaded;
          this.onProgress(Math.min(from + event.loaded, this.file.size), this.file.size, this.#sent);
        };
      }
      request.onloadend = () => { this.#request = null; resolve(request); }; // status 0 when there was no answer
      this.#request = request;
      request.send(body);
    });
  }
}

const base64 = text => btoa(String.fromCharCode(...new TextEncoder().encode(text.toWellFormed?.() ?? text)));
