import crypto from 'node:crypto';
import http from 'node:http';
import { answerOf } from './api/answer.js';
import { announcedBytes, MAX_BYTES, readImage } from './api/body.js';
import { ApiError } from './api/errors.js';
import { parseQuery } from './api/query.js';
import { isKey } from './config.js';
import { Queue } from './queue.js';

const PATH = '/computervision/imageanalysis:analyze';
const MAX_QUEUED_BYTES = 4 * MAX_BYTES;
const REQUEST_TIMEOUT = 60_000; // ms to send headers and body

/**
 * The HTTP service.
 * @param {{ config: import('./config.js').Config, engine: import('./engine/engine.js').Engine, tracer: import('./otel.js').Tracer }} parts
 * @returns {http.Server}
 */
export function createService({ config, engine, tracer }) {
  const queue = new Queue({ requests: config.queue, bytes: MAX_QUEUED_BYTES });
  const service = { config, engine, tracer, queue };
  const server = http.createServer({ requestTimeout: REQUEST_TIMEOUT }, (request, response) => void handle(service, request, response));
  server.keepAliveTimeout = 120_000;
  return server;
}

async function handle(service, request, response) {
  const url = addressOf(request);
  if (request.method === 'GET' && url?.pathname === '/alive') return send(response, 200, { status: 'Healthy' });
  if (request.method === 'GET' && url?.pathname === '/health') {
    return service.engine.ready ? send(response, 200, { status: 'Healthy' }) : send(response, 503, { status: 'Starting' }, ApiError.starting().headers);
  }
  const span = service.tracer.start('ImageAnalysis.Analyze', request.headers.traceparent, /** @type {string | undefined} */ (request.headers.baggage));
  let status = 200;
  try {
    send(response, 200, await analyze(service, request, response, url, span));
  } catch (error) {
    const told = error instanceof ApiError ? error : ApiError.failed();
    if (told !== error && !request.destroyed) console.error(error);
    status = told.status;
    span.fail(`${told.inner ?? told.code}: ${told.message}`);
    send(response, told.status, told.body, { ...told.headers, 'x-ms-error-code': told.inner ?? told.code });
  } finally {
    span.end({ 'http.request.method': request.method, 'url.path': url?.pathname, 'http.response.status_code': status });
  }
}

async function analyze({ config, engine, queue }, request, response, url, span) {
  if (url?.pathname !== PATH || request.method !== 'POST') throw ApiError.notFound();
  if (!isKey(request.headers['ocp-apim-subscription-key'], config.key)) throw ApiError.unauthorized();
  const wanted = parseQuery(url.searchParams);
  if (!engine.ready) throw ApiError.starting();
  const leave = queue.enter(announcedBytes(request));
  try {
    const bytes = await readImage(request);
    const seen = await queue.run(async () => {
      // Nobody waits any more: the time is better spent on the next one.
      if (response.destroyed) throw ApiError.failed();
      return engine.analyze(bytes, wanted);
    });
    for (const step of seen.steps) span.child(step);
    return answerOf(seen, wanted);
  } finally {
    leave();
  }
}

/** @param {http.IncomingMessage} request */
function addressOf(request) {
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    url.pathname = decodeURIComponent(url.pathname);
    return url;
  } catch {
    return null;
  }
}

function send(response, status, body, headers = {}) {
  if (response.destroyed || response.headersSent) return;
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text), 'x-content-type-options': 'nosniff',
    'apim-request-id': crypto.randomUUID(), ...headers,
  });
  response.end(text);
}
