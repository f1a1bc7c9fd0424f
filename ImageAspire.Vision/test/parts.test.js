import assert from 'node:assert/strict';
import { test } from 'node:test';
import { captionOf } from '../src/engine/caption.js';
import { overlap, withoutDoubles } from '../src/engine/detect.js';
import { colorName } from '../src/engine/facts.js';
import { CATEGORY_OF, LABELS } from '../src/engine/labels.js';
import { tagsOf } from '../src/engine/tags.js';
import { isKey } from '../src/config.js';

const box = (x, y, w, h) => ({ x, y, w, h });
const seen = (name, confidence, where = box(0, 0, 0.1, 0.1)) => ({ name, confidence, box: where });
const facts = { tags: [{ name: 'bright', confidence: 0.7 }, { name: 'green', confidence: 0.6 }], adjectives: ['bright'], colors: ['green'] };
const nothing = { tags: [], adjectives: [], colors: [] };

test('labels: the 80 classes of COCO, each in one category', () => {
  assert.deepEqual([LABELS.length, new Set(LABELS).size, CATEGORY_OF.size], [80, 80, 80]);
  assert.deepEqual([LABELS[0], LABELS[2], LABELS[16], LABELS[79]], ['person', 'car', 'dog', 'toothbrush']);
});

test('caption: counts what was detected, people first', () => {
  assert.equal(captionOf([seen('dog', 0.9), seen('person', 0.5), seen('person', 0.4)], facts).text, 'Two people and a dog, bright, mostly green.');
  assert.equal(captionOf([seen('umbrella', 0.9), seen('bus', 0.5), seen('bus', 0.5), seen('scissors', 0.4)], nothing).text, 'An umbrella, two buses and scissors.');
  assert.equal(captionOf(Array.from({ length: 12 }, () => seen('sheep', 0.5)), nothing).text, 'Many sheep.');
});

test('caption, nothing detected: says no more than was measured', () => {
  assert.equal(captionOf([], facts).text, 'A bright image, mostly green.');
  assert.equal(captionOf([], nothing).text, 'An image.');
});

test('tags: objects, their categories and facts, each once, the surest first', () => {
  const tags = tagsOf([seen('dog', 0.5), seen('dog', 0.8), seen('cat', 0.6), seen('clock', 0.4)], facts, false);
  assert.deepEqual(tags.map((tag) => `${tag.name} ${tag.confidence}`), ['dog 0.8', 'animal 0.8', 'bright 0.7', 'cat 0.6', 'green 0.6', 'clock 0.4']);
});

test('boxes: one thing in one place', () => {
  assert.equal(overlap(box(0, 0, 0.5, 1), box(0.5, 0, 0.5, 1)), 0);
  assert.ok(Math.abs(overlap(box(0, 0, 1, 1), box(0, 0, 0.5, 1)) - 0.5) < 1e-9);
  const kept = withoutDoubles([seen('frisbee', 0.6, box(0, 0, 0.5, 0.5)), seen('sports ball', 0.5, box(0.01, 0, 0.5, 0.5)), seen('dog', 0.4, box(0.6, 0.6, 0.2, 0.2))]);
  assert.deepEqual(kept.map((one) => one.name), ['frisbee', 'dog']);
});

test('boxes: a large part of a car is no second car; a child in front of its mother stays', () => {
  const cars = withoutDoubles([seen('car', 0.6, box(0.1, 0.1, 0.8, 0.8)), seen('car', 0.5, box(0.2, 0.2, 0.6, 0.4))]);
  const people = withoutDoubles([seen('person', 0.6, box(0.1, 0.1, 0.8, 0.8)), seen('person', 0.5, box(0.2, 0.5, 0.2, 0.3))]);
  assert.deepEqual([cars.length, people.length], [1, 2]);
});

test('colours: plain words', () => {
  const names = { red: [255, 0, 0], orange: [255, 136, 0], yellow: [255, 238, 0], green: [17, 136, 34], blue: [34, 68, 204], brown: [112, 64, 32], white: [255, 255, 255], black: [0, 0, 0], grey: [128, 128, 128] };
  for (const [name, rgb] of Object.entries(names)) assert.equal(colorName(...rgb), name);
});

test('key: only the whole key is the key', () => {
  assert.ok(isKey('secret-key', 'secret-key'));
  for (const wrong of [undefined, '', 'secret-ke', 'secret-keyy', 'SECRET-KEY']) assert.ok(!isKey(wrong, 'secret-key'));
});
