import { getHistory } from '../api.js';
import { duration, el } from '../dom.js';
import { traceLink } from './trace.js';

const WORDS = {
  'image.received': 'Received', 'image.inspected': 'Inspected', 'image.analyzed': 'Analyzed', 'image.rejected': 'Rejected', 'image.failed': 'Failed',
  'image.updated': 'Changed', 'image.archived': 'Archived', 'image.restored': 'Restored', 'image.deleted': 'Deleted', 'image.purged': 'Erased',
};
// These end a stage: the time since the event before is what it took, waiting included.
const STAGE_ENDS = ['image.inspected', 'image.analyzed', 'image.rejected', 'image.failed'];
const STAGE_BEGINS = ['image.received', 'image.inspected'];

// Every event of an image, oldest first, from the audit log: { node, version }, with the record's version after the newest one.
export async function buildHistory(id, signal) {
  let entries;
  try {
    entries = (await getHistory(id, signal)).items.toReversed();
  } catch (error) {
    if (error.name === 'AbortError') throw error;
    const why = error.status === 403 ? 'The history is for keys with the scope “operate”.' : `The history cannot be read: ${error.message}`;
    return { node: el('p', { class: 'soft' }, why), version: Infinity };
  }

  if (entries.length === 0) return { node: el('p', { class: 'soft' }, 'Nothing is in the audit log yet.'), version: 0 };
  let begun = null; // when the present stage could begin
  const first = traceOf(entries[0]);
  const node = el('ol', { class: 'history' }, entries.map(entry => {
    const took = begun !== null && STAGE_ENDS.includes(entry.type) ? Date.parse(entry.at) - begun : null;
    if (STAGE_BEGINS.includes(entry.type)) begun = Date.parse(entry.at);
    else if (STAGE_ENDS.includes(entry.type)) begun = null;
    const trace = traceOf(entry);
    return el('li', { 'data-type': entry.type },
      el('span', { class: 'what' }, wordOf(entry)),
      el('span', { class: 'soft', dir: 'auto' }, `by ${entry.actor}`),
      took !== null && el('span', { class: 'took' }, duration(took)),
      el('time', { datetime: entry.at, title: entry.at }, new Date(entry.at).toLocaleString()),
      entry.data?.failure && el('span', { class: 'problem', dir: 'auto' }, entry.data.failure.message),
      trace && trace !== first && el('span', { class: 'soft' }, 'trace ', traceLink(trace)));
  }));
  return { node, version: entries.at(-1).data?.version ?? Infinity };
}

// The events that start a stage once more are the same as those that started it first; their cause distinguishes them.
function wordOf({ type, actor, data }) {
  if (type === 'image.received' && data?.version > 1) return 'Inspection asked for again';
  if (type === 'image.inspected' && actor !== 'InspectImage') return 'Analysis asked for again';
  return WORDS[type] ?? type;
}

const traceOf = entry => entry.traceParent?.split('-')[1];
