import fs from 'node:fs/promises';
import path from 'node:path';
import tf from '@tensorflow/tfjs-core';
import converter from '@tensorflow/tfjs-converter';
import wasm from '@tensorflow/tfjs-backend-wasm';
import { extend } from './decode.js';
import { LABELS } from './labels.js';
import { folderOf, installedPath } from './paths.js';
import { thresholdOf } from './thresholds.js';

/** @typedef {{ name: string, confidence: number, box: Box }} Detection */
/** @typedef {{ x: number, y: number, w: number, h: number }} Box In parts of width and height, 0 to 1. */

const SIDE = 512;
const FIELDS = 6; // x1, y1, x2, y2 in pixels of the 512 x 512 input, score, class

// The picture keeps its shape and a margin: measured (docs/vision.md), things that touch the edges are missed more often.
const LONGER_SIDE = Math.round(SIDE / 1.25);
const MARGIN = 114;

/** CenterNet (Zhou et al., "Objects as Points", 2019) for COCO, as packed in `@vladmandic/human`. */
export class Detector {
  #model;

  constructor(model) {
    this.#model = model;
  }

  /** Loads model and runtime; both come with the installed packages. @returns {Promise<Detector>} */
  static async load() {
    wasm.setWasmPaths(folderOf('@tensorflow/tfjs-backend-wasm') + path.sep);
    await tf.setBackend('wasm');
    await tf.ready();
    const file = installedPath('@vladmandic/human', 'models', 'centernet');
    const { modelTopology, weightsManifest, format, signature } = JSON.parse(await fs.readFile(`${file}.json`, 'utf8'));
    const weights = await fs.readFile(`${file}.bin`);
    const weightData = weights.buffer.slice(weights.byteOffset, weights.byteOffset + weights.length);
    const artifacts = { modelTopology, format, signature, weightSpecs: weightsManifest[0].weights, weightData };
    return new Detector(await converter.loadGraphModel({ load: async () => artifacts }));
  }

  /**
   * What is in the picture, most confident first, each thing once.
   * @param {import('./decode.js').Pixels} pixels
   * @param {(name: string) => number} [threshold] Least confidence of a class; of `measure/` only.
   * @returns {Promise<Detection[]>}
   */
  async detect(pixels, threshold = thresholdOf) {
    const frame = frameOf(pixels);
    const rows = await this.#run(await intoFrame(pixels, frame));
    const found = [];
    for (let at = 0; at < rows.length; at += FIELDS) {
      const [left, right] = [rows[at], rows[at + 2]].map((x) => part(x - frame.left, frame.width));
      const [top, bottom] = [rows[at + 1], rows[at + 3]].map((y) => part(y - frame.top, frame.height));
      const [confidence, label] = [Math.min(rows[at + 4], 1), LABELS[rows[at + 5]]];
      if (label && confidence >= threshold(label) && right > left && bottom > top) {
        found.push({ name: label, confidence, box: { x: left, y: top, w: right - left, h: bottom - top } });
      }
    }
    return withoutDoubles(found.sort((a, b) => b.confidence - a.confidence));
  }

  /** @param {Buffer} rgb @returns {Promise<Float32Array>} */
  async #run(rgb) {
    const input = tf.tensor(new Float32Array(rgb), [1, SIDE, SIDE, 3]);
    try {
      const output = this.#model.execute({ 'tower_0/images': input }, 'tower_0/detections');
      try {
        return await output.data();
      } finally {
        output.dispose();
      }
    } finally {
      input.dispose();
    }
  }
}

/** Where in the model's square the picture lies. @param {import('./decode.js').Pixels} pixels */
function frameOf({ width, height }) {
  const factor = LONGER_SIDE / Math.max(width, height);
  const [w, h] = [width, height].map((side) => Math.max(1, Math.round(side * factor)));
  return { width: w, height: h, left: Math.floor((SIDE - w) / 2), top: Math.floor((SIDE - h) / 2) };
}

const intoFrame = (pixels, frame) => extend(pixels, frame, SIDE, MARGIN);

const part = (pixels, whole) => Math.min(Math.max(pixels / whole, 0), 1);

// The model knows no classes that exclude each other: one ball comes as frisbee and as ball. What fills the same place is one thing.
const SAME_PLACE = 0.6;

// One large car comes as a car, and once more as a part of it. People far behind are much smaller than the one in front, and stay.
const INSIDE = 0.85;
const LARGE_PART = 0.25;

/** @param {Detection[]} found Most confident first. */
export function withoutDoubles(found) {
  /** @type {Detection[]} */
  const kept = [];
  for (const one of found) {
    if (kept.every((other) => overlap(one.box, other.box) < SAME_PLACE && !(one.name === other.name && isPart(one.box, other.box)))) kept.push(one);
  }
  return kept;
}

/** Whether the smaller box is a large part of the other one. @param {Box} a @param {Box} b */
function isPart(a, b) {
  const [smaller, larger] = [a.w * a.h, b.w * b.h].sort((one, other) => one - other);
  return both(a, b) >= INSIDE * smaller && smaller >= LARGE_PART * larger;
}

/** Intersection over union. @param {Box} a @param {Box} b */
export function overlap(a, b) {
  const shared = both(a, b);
  return shared === 0 ? 0 : shared / (a.w * a.h + b.w * b.h - shared);
}

/** What two boxes share. @param {Box} a @param {Box} b */
function both(a, b) {
  const width = Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y);
  return width <= 0 || height <= 0 ? 0 : width * height;
}
