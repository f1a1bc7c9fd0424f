import { ApiError } from './errors.js';

/** The public API takes less than 20 MB. */
export const MAX_BYTES = 20_000_000;
const MAX_JSON = 16_384;
const FETCH_LIMIT = 10_000; // ms
const LOOPBACK = new Set(['127.0.0.1', '[::1]', 'localhost']);

/**
 * The image of a request: its body, or what its body points at on this machine.
 * @param {import('node:http').IncomingMessage} request
 * @returns {Promise<Buffer>}
 * @throws {ApiError} 400, 415
 */
export async function readImage(request) {
  const type = (request.headers['content-type'] ?? '').split(';')[0].trim().toLowerCase();
  if (type === 'application/octet-stream') return collect(partsOf(request), MAX_BYTES);
  if (type === 'application/json') return fetchImage(urlOf(await collect(partsOf(request), MAX_JSON)));
  throw ApiError.mediaType(type.slice(0, 100));
}

/** How many bytes a request may bring, as far as it says. @param {import('node:http').IncomingMessage} request */
export function announcedBytes(request) {
  const length = Number(request.headers['content-length'] ?? MAX_BYTES);
  if (length >= MAX_BYTES && request.headers['content-length'] !== undefined) throw tooLarge();
  return length;
}

// A body that is refused halfway must not close the connection: the answer still has to go out.
const partsOf = (request) => request.iterator({ destroyOnReturn: false });

const tooLarge = () => ApiError.imageSize(`The image must have less than ${MAX_BYTES} bytes.`);

/** @param {AsyncIterable<Uint8Array>} stream @param {number} limit */
async function collect(stream, limit) {
  const parts = [];
  let bytes = 0;
  for await (const part of stream) {
    bytes += part.length;
    if (bytes >= limit) throw tooLarge();
    parts.push(part);
  }
  return Buffer.concat(parts, bytes);
}

function urlOf(body) {
  try {
    const url = new URL(JSON.parse(body.toString('utf8')).url);
    if (/^https?:$/.test(url.protocol) && LOOPBACK.has(url.hostname)) return url;
  } catch {
    // Told below, together with addresses that are not local.
  }
  throw ApiError.imageUrl('The body must be { "url": … } with an http address on this machine; this service fetches nothing from elsewhere.');
}

async function fetchImage(url) {
  try {
    const answer = await fetch(url, { redirect: 'error', signal: AbortSignal.timeout(FETCH_LIMIT) });
    if (!answer.ok || !answer.body) throw new Error(`status ${answer.status}`);
    return await collect(answer.body, MAX_BYTES);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    throw ApiError.imageUrl('The image url is not accessible.');
  }
}
