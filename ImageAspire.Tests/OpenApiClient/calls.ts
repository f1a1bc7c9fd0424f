// Calls a running Api through the generated client. What the document says wrongly does not compile; what the Api does otherwise than
// the document says throws. Arguments: address, key, path of a JPEG. The last line of the output is "ok".
import { readFile } from 'node:fs/promises';
import createClient from 'openapi-fetch';
import type { components, paths } from './obj/schema.js';

const [address, key, photo] = process.argv.slice(2) as [string, string, string];
const api = createClient<paths>({ baseUrl: address, headers: { 'X-API-Key': key } });

function good<T>(what: string, answer: { data?: T; error?: unknown; response: Response }, status: number): T {
  if (answer.response.status !== status || answer.error !== undefined)
    throw new Error(`${what}: ${answer.response.status} instead of ${status}: ${JSON.stringify(answer.error)}`);
  console.log(`${what}: ${status}`);
  return answer.data as T;
}

// Images: upload, list, get, change, delete, restore, erase.
const form = new FormData();
form.append('file', new Blob([await readFile(photo)], { type: 'image/jpeg' }), 'client.jpg');
const uploaded = good('upload', await api.POST('/api/images', { body: { file: [] }, bodySerializer: () => form }), 202);
const id = (uploaded as components['schemas']['ImageAnswer']).id;
const page = good('list', await api.GET('/api/images', { params: { query: { limit: 10, sort: 'newest' } } }), 200);
if (!page.items.some((one) => one.id === id && one.status === 'received')) throw new Error('The list lacks the new image.');
const image = good('get', await api.GET('/api/images/{id}', { params: { path: { id } } }), 200);
const changed = good('patch', await api.PATCH('/api/images/{id}', {
  params: { path: { id } }, body: { name: 'renamed.jpg', tags: ['client'] }, headers: { 'Content-Type': 'application/merge-patch+json', 'If-Match': `"${image.version}"` },
}), 200);
if (changed.name !== 'renamed.jpg' || !changed.tags?.includes('client')) throw new Error('The change is not in the answer.');
good('tags', await api.GET('/api/tags', { params: { query: { limit: 5 } } }), 200);
good('delete', await api.DELETE('/api/images/{id}', { params: { path: { id } } }), 204);
const inTrash = await api.GET('/api/images/{id}', { params: { path: { id } } });
if (inTrash.error?.code !== 'in-trash') throw new Error('A deleted image is still there.');
const trash = good('trash', await api.GET('/api/trash', { params: { query: { limit: 1 } } }), 200);
if (trash.items[0]?.id !== id || !trash.items[0].purgeAt) throw new Error('A deleted image is not in the trash.');
good('restore', await api.POST('/api/images/{id}/restore', { params: { path: { id } } }), 200);
good('erase', await api.DELETE('/api/images/{id}', { params: { path: { id }, query: { purge: 'true' } } }), 204);
const gone = await api.GET('/api/images/{id}', { params: { path: { id } } });
if (gone.error?.code !== 'not-found') throw new Error('An erased image is still there.');

// Keys: make, use, change, rotate, revoke.
const made = good('make a key', await api.POST('/api/keys', { body: { name: 'generated client', scopes: ['read'], expiresAt: '2999-01-01T00:00:00Z' } }), 201);
const own = createClient<paths>({ baseUrl: address, headers: { Authorization: `Bearer ${made.secret}` } });
good('use a key', await own.GET('/api/images'), 200);
good('change a key', await api.PATCH('/api/keys/{id}', {
  params: { path: { id: made.id } }, body: { requestsPerSecond: 50, burst: 60 }, headers: { 'Content-Type': 'application/merge-patch+json' },
}), 200);
const rotated = good('rotate a key', await api.POST('/api/keys/{id}/rotate', { params: { path: { id: made.id } }, body: { overlapSeconds: 60 } }), 200);
if (!rotated.secret || rotated.secret === made.secret || rotated.requestsPerSecond !== 50) throw new Error('The key was not rotated.');
good('list keys', await api.GET('/api/keys', { params: { query: { revoked: 'true' } } }), 200);
good('revoke a key', await api.DELETE('/api/keys/{id}', { params: { path: { id: made.id } } }), 204);
const refused = await own.GET('/api/images');
if (refused.error?.code !== 'revoked-key') throw new Error('A revoked key still works.');
const told = good('audit', await api.GET('/api/audit', { params: { query: { key: made.id } } }), 200);
if (told.items.length !== 4) throw new Error(`The audit log tells ${told.items.length} things of the key, not 4.`);

// Webhooks and operations.
const hook = good('make a webhook', await api.POST('/api/webhooks', { body: { url: 'https://example.com/hook', types: ['image.analyzed'] } }), 201);
good('list webhooks', await api.GET('/api/webhooks'), 200);
good('deliveries', await api.GET('/api/webhooks/{id}/deliveries', { params: { path: { id: hook.id } } }), 200);
good('delete a webhook', await api.DELETE('/api/webhooks/{id}', { params: { path: { id: hook.id } } }), 204);
good('subscriptions', await api.GET('/api/operations/subscriptions'), 200);
good('dead letters', await api.GET('/api/operations/dead-letters', { params: { query: { limit: 10 } } }), 200);
good('retry dead letters', await api.POST('/api/operations/dead-letters/retry'), 200);
good('daily reports', await api.GET('/api/reports/daily'), 200);

console.log('ok');
