const NUMBERS = ['', '', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const PLURALS = new Map([
  ['person', 'people'], ['bus', 'buses'], ['bench', 'benches'], ['sheep', 'sheep'], ['skis', 'skis'], ['scissors', 'scissors'],
  ['wine glass', 'wine glasses'], ['knife', 'knives'], ['sandwich', 'sandwiches'], ['couch', 'couches'], ['toothbrush', 'toothbrushes'],
  ['mouse', 'mice'], ['broccoli', 'broccoli'],
]);
const UNCOUNTED = new Set(['skis', 'scissors', 'broccoli']);
const MOST_KINDS = 4;

/**
 * One sentence that says what was detected and measured, and nothing else, for example "Two people and a dog, bright, mostly green."
 * @param {import('./detect.js').Detection[]} objects
 * @param {import('./facts.js').Facts} facts
 */
export function captionOf(objects, facts) {
  const things = thingsOf(objects);
  if (things.length === 0) {
    return { text: ending([withArticle([...facts.adjectives, 'image'].join(' ')), mostly(facts)]), confidence: 0.5 };
  }
  const names = things.slice(0, MOST_KINDS).map(({ name, count }) => counted(name, count));
  const text = ending([listed(names), ...facts.adjectives, mostly(facts)]);
  return { text, confidence: Math.min(...things.slice(0, MOST_KINDS).map((thing) => thing.confidence)) };
}

/** A phrase for one thing: "a dog". @param {string} name */
export const phraseOf = (name) => counted(name, 1);

/** Kinds of things, people first, then by number. */
function thingsOf(objects) {
  const kinds = new Map();
  for (const { name, confidence } of objects) {
    const kind = kinds.get(name) ?? { name, count: 0, confidence: 0 };
    kinds.set(name, { name, count: kind.count + 1, confidence: Math.max(kind.confidence, confidence) });
  }
  const rank = (kind) => (kind.name === 'person' ? 0 : 1);
  return [...kinds.values()].sort((a, b) => rank(a) - rank(b) || b.confidence - a.confidence);
}

function counted(name, count) {
  if (UNCOUNTED.has(name)) return name;
  if (count === 1) return withArticle(name);
  return `${NUMBERS[count] ?? 'many'} ${PLURALS.get(name) ?? `${name}s`}`;
}

const withArticle = (words) => `${/^[aeiou]/.test(words) ? 'an' : 'a'} ${words}`;

const listed = (names) => (names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`);

const mostly = (facts) => (facts.colors.length > 0 ? `mostly ${facts.colors.join(' and ')}` : '');

function ending(parts) {
  const text = parts.filter((part) => part !== '').join(', ');
  return `${text[0].toUpperCase()}${text.slice(1)}.`;
}
