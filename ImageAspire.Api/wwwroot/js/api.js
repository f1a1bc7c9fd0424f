import { signedOut } from './session.js';

// The API as the pages use it. Every failure becomes an Error whose message a person can act on.
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem?.code;
  }
}

// A busy server sends Retry-After; a call is retried at most this often.
const MAX_WAITS = 4;
const LONGEST_WAIT_SECONDS = 30;

export async function call(path, options = {}) {
  for (let waits = 0; ; waits++) {
    const response = await reach(path, options);
    if (response.ok) return bodyOf(response);
    const seconds = retryAfter(response.status, response.headers.get('Retry-After'));
    if (seconds === null || waits === MAX_WAITS) {
      if (response.status === 401) signedOut();
      throw new ApiError(response.status, await response.json().catch(() => null));
    }
    await pause(seconds * 1000, options.signal);
  }
}

// Some calls answer that it is done and nothing else, with 204 or with 202.
async function bodyOf(response) {
  const text = await response.text();
  return text === '' ? null : JSON.parse(text);
}

async function reach(path, options) {
  try {
    return await fetch(path, { credentials: 'same-origin', ...options });
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    throw new ApiError(0, { detail: 'The server cannot be reached. Try again in a moment.' });
  }
}

// Seconds to wait before the same request may succeed; null when waiting does not help.
export function retryAfter(status, header) {
  const seconds = Number(header);
  return (status === 429 || status === 503 || status === 507) && header && seconds >= 0 && seconds <= LONGEST_WAIT_SECONDS ? seconds : null;
}

// A little more than asked, so that many waiting requests do not come back in the same instant.
export const pause = (milliseconds, signal) => new Promise((resolve, reject) => {
  const timer = setTimeout(resolve, milliseconds + Math.random() * 250);
  signal?.addEventListener('abort', () => { clearTimeout(timer); reject(new DOMException('Cancelled', 'AbortError')); }, { once: true });
});

// Does something with each, a few at a time; answers what went wrong, as [{ item, error }].
export async function eachBounded(items, atOnce, work) {
  const failures = [];
  const line = items[Symbol.iterator]();
  const worker = async () => {
    for (let step = line.next(); !step.done; step = line.next()) {
      try { await work(step.value); } catch (error) { failures.push({ item: step.value, error }); }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return failures;
}

// A page of records; `like` of one says how it was found: { why, score }.
export async function listImages({ similar, ...query }, cursor, limit, signal) {
  const parameters = new URLSearchParams({ ...query, limit: String(limit) });
  if (cursor) parameters.set('cursor', cursor);
  if (similar) {
    for (const key of ['q', 'sort']) parameters.delete(key);
    const page = await call(`/api/images/${similar}/similar?${parameters}`, { signal });
    return { ...page, items: page.items.map(({ image, why, score }) => ({ ...image, like: { why, score } })) };
  }
  const page = await call(`/api/images?${parameters}`, { signal });
  const words = page.items.length - (page.byMeaning ?? 0);
  return { ...page, items: page.items.map((image, index) => index < words ? image : { ...image, like: { why: 'meaning' } }) };
}
export const getImage = id => call(`/api/images/${id}`);
export const getTags = limit => call(`/api/tags?limit=${limit}`);
export const getHistory = (id, signal) => call(`/api/audit?image=${id}&limit=200`, { signal });
export const analyzeAgain = id => call(`/api/images/${id}/analyze`, { method: 'POST' });
// Sent also when the page is left at this moment.
export const deleteImage = id => call(`/api/images/${id}`, { method: 'DELETE', keepalive: true });
export const restoreImage = id => call(`/api/images/${id}/restore`, { method: 'POST' });
export const purgeImage = id => call(`/api/images/${id}?purge=true`, { method: 'DELETE' });
export const listTrash = (cursor, limit) => call(`/api/trash?limit=${limit}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ''}`);
export const trashThumbnailUrl = id => `/api/trash/${id}/thumbnail?size=256`;

// Without a version the change applies to whatever is there.
export const changeImage = (id, change, version) => call(`/api/images/${id}`, {
  method: 'PATCH',
  headers: { 'Content-Type': 'application/merge-patch+json', ...(version ? { 'If-Match': `"${version}"` } : {}) },
  body: JSON.stringify(change),
});

export const hasThumbnail = (image, size) => image.thumbnails.some(thumbnail => thumbnail.size === size);
// Thumbnails are made by the inspection alone: with the state in the address a cached "not yet" is never shown again.
export const thumbnailUrl = (image, size) => `/api/images/${image.id}/thumbnail?size=${size}&v=${image.sha256.slice(0, 8)}-${image.thumbnails.length}`;
export const contentUrl = (id, download) => `/api/images/${id}/content${download ? '?download=1' : ''}`;

// A copy to share: the same image without what its file says of time, place, camera and people.
export const bareContentUrl = (id) => `/api/images/${id}/content?download=1&metadata=none`;
