import { Worker } from 'node:worker_threads';
import { ApiError } from '../api/errors.js';

const MAX_HEAP_MB = 512;

/** The engines' thread, seen from the service: one analysis at a time, each with a time limit, and a new thread when one dies. */
export class Engine {
  #timeLimit;
  #log;
  /** @type {Worker | null} */
  #thread = null;
  /** @type {{ resolve: Function, reject: Function } | null} */
  #pending = null;
  #next = 1;
  #closed = false;

  /** @param {number} timeLimit Milliseconds. @param {(line: string) => void} log */
  constructor(timeLimit, log) {
    this.#timeLimit = timeLimit;
    this.#log = log;
  }

  /** True when models are loaded and warm. */
  get ready() {
    return this.#thread !== null;
  }

  /** Loads models and warms up. @throws {Error} when a model or package is missing. */
  async start() {
    const thread = new Worker(new URL('./worker.js', import.meta.url), { resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB } });
    await new Promise((resolve, reject) => {
      thread.once('message', () => {
        thread.on('message', (answer) => this.#onAnswer(answer));
        resolve(undefined);
      });
      thread.on('error', (error) => {
        if (this.#thread === thread) this.#log(`The engines failed: ${error.stack ?? error}`);
        reject(error);
      });
      thread.on('exit', (code) => {
        reject(new Error(`the engines ended with code ${code} while starting`));
        this.#onExit(thread);
      });
    });
    this.#thread = thread;
  }

  /**
   * @param {Uint8Array} bytes
   * @param {import('../api/query.js').AnalyzeRequest} request
   * @returns {ReturnType<typeof import('./analyze.js').analyze>}
   * @throws {ApiError}
   */
  async analyze(bytes, request) {
    const thread = this.#thread;
    if (thread === null) throw ApiError.starting();
    const timer = setTimeout(() => {
      this.#pending?.reject(ApiError.timeout(this.#timeLimit / 1000));
      this.#log(`An analysis took longer than ${this.#timeLimit / 1000} s; the engines are started again.`);
      void thread.terminate();
    }, this.#timeLimit);
    try {
      return await new Promise((resolve, reject) => {
        this.#pending = { resolve, reject };
        thread.postMessage({ id: this.#next, bytes, request });
      });
    } finally {
      clearTimeout(timer);
      this.#pending = null;
      this.#next++;
    }
  }

  async close() {
    this.#closed = true;
    await this.#thread?.terminate();
  }

  #onAnswer({ id, result, refused, failed }) {
    if (id !== this.#next) return; // of an analysis that nobody waits for any more
    if (result) this.#pending?.resolve(result);
    else if (refused) this.#pending?.reject(new ApiError(...refused));
    else {
      this.#log(`An analysis failed: ${failed}`);
      this.#pending?.reject(ApiError.failed());
    }
  }

  #onExit(thread) {
    if (this.#thread !== thread || this.#closed) return;
    this.#thread = null;
    this.#pending?.reject(ApiError.failed());
    this.start().catch((error) => {
      // Whoever supervises this process starts it again, with growing pauses.
      this.#log(`The engines cannot be started again: ${error.message}`);
      process.exit(1);
    });
  }
}
