import { CATEGORY_OF } from './labels.js';

/**
 * Tags of a picture: its objects and their super-categories, each as sure as its surest object, text when there is some, and the
 * measured facts. Most confident first, each name once.
 * @param {import('./detect.js').Detection[]} objects
 * @param {import('./facts.js').Facts} facts
 * @param {boolean} text
 */
export function tagsOf(objects, facts, text) {
  /** @type {Map<string, number>} */
  const best = new Map();
  const add = (name, confidence) => best.set(name, Math.max(best.get(name) ?? 0, confidence));
  for (const { name, confidence } of objects) {
    add(name, confidence);
    const category = CATEGORY_OF.get(name);
    // "outdoor" and "indoor" of COCO are groups of things (a bench, a clock), and say nothing about the place.
    if (category && category !== 'outdoor' && category !== 'indoor') add(category, confidence);
  }
  if (text) add('text', 0.9);
  for (const { name, confidence } of facts.tags) add(name, confidence);
  return [...best].map(([name, confidence]) => ({ name, confidence })).sort((a, b) => b.confidence - a.confidence);
}
