import { nameOf } from './services.js';
import { age, asSentence, clock, number } from './show.js';

// What a stage does, in words, and whether that is good (green), neutral, for attention or bad.
const STATES = {
  idle: ['good', 'idle'], working: ['good', 'working'], waiting: ['', 'waiting'], retrying: ['warn', 'waiting for a retry'], held: ['bad', 'held up'], paused: ['bad', 'paused'],
};

// Dead letters wait for the operator: a stage with some is never shown as if there was nothing to do.
export function stateOf(one, growing) {
  const [kind, text] = STATES[one.state] ?? ['', one.state];
  if (one.state === 'paused' && growing) return ['bad', 'paused, growing'];
  return one.state === 'idle' && one.deadLettered > 0 ? ['warn', 'idle, with dead letters'] : [kind, text];
}

// What holds a stage up, as a sentence.
export function sentence(holdUp) {
  const since = holdUp.since ? ` since ${clock(holdUp.since)}` : '';
  switch (holdUp.code) {
    case 'paused': return `Paused${holdUp.by ? ` by ${holdUp.by}` : ''}${since}: messages are kept, and none is delivered until it is resumed.`;
    case 'no-worker': return holdUp.since ? `No worker has run${since}.` : 'No worker has run yet.';
    case 'no-stage': return 'No stage of this version receives from it: it collects messages for ever. Delete it.';
    case 'dependency-away': return `${nameOf(holdUp.name)}: away${since}. ${asSentence(holdUp.reason)}`;
    case 'retry': return `Waits for its retry${holdUp.until ? ` at ${clock(holdUp.until)}` : ''}. ${asSentence(holdUp.reason)}`;
    default: return holdUp.code;
  }
}

const messages = count => (count === 1 ? '1 message waits' : `${number(count)} messages wait`);
const oldest = one => (one.oldestAgeSeconds === undefined ? '' : `, the oldest for ${age(one.oldestAgeSeconds)}`);

// What needs attention, one sentence each: dependencies first, then what waits for a worker, then what an operator has paused.
export function warnings(items, here) {
  const away = here.dependencies.filter(one => one.state !== 'available').map(one => `${nameOf(one.name)}: away since ${clock(one.since)}. ${asSentence(one.reason)}`);
  const lonely = items.filter(one => one.heldUpBy?.code === 'no-worker');
  const worker = lonely.length === 0 ? [] : [`${sentence(lonely[0].heldUpBy)} ${lonely.map(one => `${one.name}: ${messages(one.waiting)}${oldest(one)}`).join('; ')}.`];
  const paused = items.filter(one => one.paused).map(one => (one.waiting > 0 ? `${one.name} is paused and ${messages(one.waiting)}${oldest(one)}.` : `${one.name} is paused.`));
  return [...away, ...worker, ...paused];
}
