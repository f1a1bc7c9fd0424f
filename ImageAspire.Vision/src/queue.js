import { ApiError } from './api/errors.js';

/** One at a time, in order, and only so many that wait, with only so many bytes: more are told to come back. */
export class Queue {
  #limits;
  #waiting = 0;
  #bytes = 0;
  #last = Promise.resolve();

  /** @param {{ requests: number, bytes: number }} limits Of all that wait or run. */
  constructor(limits) {
    this.#limits = limits;
  }

  get length() {
    return this.#waiting;
  }

  /**
   * Takes a place for a request and its body, which is read meanwhile.
   * @param {number} bytes At most.
   * @returns {() => void} Gives the place back.
   * @throws {ApiError} 503: full.
   */
  enter(bytes) {
    if (this.#waiting >= this.#limits.requests || this.#bytes + bytes > this.#limits.bytes) throw ApiError.busy();
    this.#waiting++;
    this.#bytes += bytes;
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      this.#waiting--;
      this.#bytes -= bytes;
    };
  }

  /** Runs when all before it are done. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  run(work) {
    const result = this.#last.then(work);
    this.#last = result.then(() => {}, () => {});
    return result;
  }
}
