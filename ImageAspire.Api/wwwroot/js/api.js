// The API as the pages use it. Every failure becomes an Error whose message a person can act on.
export class ApiError extends Error {
  constructor(status, problem) {
    super(problem?.detail ?? problem?.title ?? `The server answered ${status}.`);
    this.status = status;
    this.code = problem?.code;
  }
}

export async function call(path, options = {}) {
  const response = await fetch(path, { credentials: 'same-origin', ...options });
  if (response.status === 401) {
    location.assign('/signin');
    return new Promise(() => {});
  }
  if (!response.ok) throw new ApiError(response.status, await response.json().catch(() => null));
  return response.status === 204 ? null : response.json();
}

export const listImages = (filter, cursor) => {
  const query = new URLSearchParams({ limit: '60' });
  for (const [key, value] of Object.entries(filter)) if (value) query.set(key, value);
  if (cursor) query.set('cursor', cursor);
  return call(`/api/images?${query}`);
};
export const getImage = id => call(`/api/images/${id}`);
// What the server tells the pages; they do without when it does not answer.
export const getSettings = () => call('/gallery.json').catch(() => ({}));
export const getTags = () => call('/api/tags?limit=24');
export const analyzeAgain = id => call(`/api/images/${id}/analyze`, { method: 'POST' });
export const deleteImage = id => call(`/api/images/${id}`, { method: 'DELETE' });
// The version makes the address new when the thumbnail appears, so that a cached "not yet" is never shown again.
export const thumbnailUrl = (image, size) => `/api/images/${image.id}/thumbnail?size=${size}&v=${image.version}`;
export const contentUrl = (id, download) => `/api/images/${id}/content${download ? '?download=1' : ''}`;
