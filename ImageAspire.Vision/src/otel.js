import crypto from 'node:crypto';
import { encodeTraces } from './otlp.js';

const SCOPE = 'ImageAspire.Vision';
const MAX_WAITING = 1024; // spans; a collector that is down must not fill the memory
const INTERVAL = 2000; // ms
const PATIENCE = 5000; // ms
const IMAGE_ID = 'imageaspire.image.id';
const IMAGE = /(?:^|,)\s*imageaspire\.image\.id=([0-9a-f-]{36})\s*(?=[,;]|$)/;
const PARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Spans, exported by OTLP over HTTP (protobuf) to where the standard `OTEL_*` variables say; nothing without them. */
export class Tracer {
  #target;
  #log;
  /** @type {import('./otlp.js').Span[]} */
  #waiting = [];
  #timer;
  #complained = false;

  /** @param {{ url: string, headers: Record<string, string>, resource: Record<string, string> } | null} target @param {(line: string) => void} log */
  constructor(target, log) {
    this.#target = target;
    this.#log = log;
    if (target) this.#timer = setInterval(() => void this.#flush(), INTERVAL).unref();
  }

  /** @param {NodeJS.ProcessEnv} env @param {(line: string) => void} log */
  static from(env, log) {
    const base = env.OTEL_EXPORTER_OTLP_ENDPOINT?.replace(/\/$/, '');
    const url = env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT || (base && `${base}/v1/traces`);
    if (!url) return new Tracer(null, log);
    if ((env.OTEL_EXPORTER_OTLP_PROTOCOL ?? '').startsWith('grpc')) {
      log('Traces are not exported: this service speaks OTLP over http/protobuf, and OTEL_EXPORTER_OTLP_PROTOCOL says grpc.');
      return new Tracer(null, log);
    }
    const resource = { ...pairs(env.OTEL_RESOURCE_ATTRIBUTES), 'service.name': env.OTEL_SERVICE_NAME || 'vision', 'process.pid': process.pid };
    return new Tracer({ url, headers: pairs(env.OTEL_EXPORTER_OTLP_HEADERS), resource }, log);
  }

  /**
   * Starts the span of a request, as a part of the caller's trace.
   * @param {string} name
   * @param {string | undefined} traceparent W3C trace context.
   * @param {string | undefined} [baggage] W3C baggage; may name the image.
   */
  start(name, traceparent, baggage) {
    const [, traceId = crypto.randomBytes(16).toString('hex'), parentId, flags = '01'] = PARENT.exec(traceparent ?? '') ?? [];
    const spanId = crypto.randomBytes(8).toString('hex');
    const start = performance.timeOrigin + performance.now();
    const image = IMAGE.exec(baggage ?? '')?.[1];
    const about = image === undefined ? {} : { [IMAGE_ID]: image };
    let error;
    const keep = (span) => {
      if (this.#target && parseInt(flags, 16) % 2 === 1) this.#keep(span);
    };
    return {
      /** @param {import('./engine/analyze.js').Step} step */
      child: (step) => keep({ ...step, traceId, parentId: spanId, spanId: crypto.randomBytes(8).toString('hex'), kind: 1, attributes: about }),
      /** @param {string} message */
      fail: (message) => {
        error = message;
      },
      /** @param {Record<string, unknown>} attributes */
      end: (attributes) => keep({ traceId, spanId, parentId, name, kind: 2, start, end: performance.timeOrigin + performance.now(), attributes: { ...about, ...attributes }, error }),
    };
  }

  /** Sends what is left. */
  async close() {
    clearInterval(this.#timer);
    await this.#flush();
  }

  #keep(span) {
    this.#waiting.push(span);
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift();
  }

  async #flush() {
    const spans = this.#waiting.splice(0);
    if (spans.length === 0 || !this.#target) return;
    const { url, headers, resource } = this.#target;
    try {
      const body = encodeTraces(resource, SCOPE, spans);
      const answer = await fetch(url, {
        method: 'POST', body, headers: { ...headers, 'content-type': 'application/x-protobuf' }, signal: AbortSignal.timeout(PATIENCE),
      });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      this.#complained = false;
    } catch (error) {
      // Once, not every two seconds: the photos matter more than their traces.
      if (!this.#complained) this.#log(`${spans.length} spans could not be exported to ${url}: ${error.message}`);
      this.#complained = true;
    }
  }
}

/** `a=1,b=2` with percent-encoded values. @param {string | undefined} text @returns {Record<string, string>} */
function pairs(text) {
  const entries = (text ?? '').split(',').map((pair) => pair.split(/=(.*)/s)).filter(([key]) => key.trim() !== '');
  return Object.fromEntries(entries.map(([key, value = '']) => [key.trim(), decoded(value.trim())]));
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
