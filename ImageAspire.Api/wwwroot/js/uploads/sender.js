import { retryAfter } from '../api.js';

// What is wrong with the file itself stays wrong: sending it again would not help.
const REFUSED = [400, 403, 413, 415];

// Sends one file in one request and resolves to what became of it; never rejects.
// { state: 'received', image } | { state: 'refused' | 'failed', reason } | { state: 'later', seconds } | { state: 'unreachable', reason } |
// { state: 'signed-out' } | { state: 'cancelled' }
export function send(file, { onProgress, onRequest }) {
  return new Promise(resolve => {
    const request = new XMLHttpRequest(); // fetch does not report upload progress
    request.open('POST', '/api/images');
    request.setRequestHeader('X-File-Name', encodeURIComponent(file.name.toWellFormed?.() ?? file.name));
    request.setRequestHeader('Content-Type', file.type.startsWith('image/') ? file.type : 'application/octet-stream');
    request.upload.onprogress = event => onProgress(event.loaded, event.total, event.loaded);
    request.onload = () => resolve(outcome(request));
    request.onabort = () => resolve({ state: 'cancelled' });
    request.onerror = async () => resolve(await isReadable(file)
      ? { state: 'unreachable', reason: 'The connection broke before the server said that it has the file. Send it again: what is there already is recognised.' }
      : { state: 'refused', reason: 'This file cannot be read any more. It may have been moved or changed; choose it again.' });
    onRequest(request);
    request.send(file);
  });
}

// What an answer means for the file.
export function outcome(request) {
  const answer = parse(request.responseText);
  if (request.status === 200 || request.status === 202) return { state: 'received', image: answer };
  if (request.status === 401) return { state: 'signed-out' };
  const seconds = retryAfter(request.status, request.getResponseHeader('Retry-After'));
  if (seconds !== null) return { state: 'later', seconds, reason: answer?.detail };
  return { state: REFUSED.includes(request.status) ? 'refused' : 'failed', reason: answer?.detail ?? `The server answered ${request.status}.` };
}

const parse = text => { try { return JSON.parse(text); } catch { return null; } };

export const isReadable = file => file.slice(0, 1).arrayBuffer().then(() => true, () => false);
