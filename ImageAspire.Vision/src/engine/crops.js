import { scale } from './decode.js';

const GRID = 48; // cells along the longer side
const LEAST_AREA = 0.4; // of the picture, unless the shape allows less: a crop shows the picture, not a detail
const STEPS = [1, 0.85, 0.7];
const EDGE_ROOM = 0.05;
const OBJECT_WEIGHT = 4; // of a cell inside an object, beside the mean cell

/**
 * One crop for each ratio: the place that keeps most of what catches the eye (edges, and more so objects) in little space.
 * @param {import('./decode.js').Picture} picture
 * @param {import('./detect.js').Detection[]} objects
 * @param {number[]} ratios Width divided by height; empty for one crop in the picture's own shape, from 0.5 to 2.
 * @returns {Promise<{ aspectRatio: number, box: import('./detect.js').Box }[]>}
 */
export async function cropsOf(picture, objects, ratios) {
  const own = picture.width / picture.height;
  const wanted = ratios.length > 0 ? ratios : [Math.min(Math.max(own, 0.5), 2)];
  const map = await saliencyOf(picture.shown, objects);
  return wanted.map((ratio) => ({ aspectRatio: Number(ratio.toFixed(2)), box: best(map, ratio / own) }));
}

/** Sums of saliency: `sums[y][x]` of everything above and left. */
async function saliencyOf(pixels, objects) {
  const factor = GRID / Math.max(pixels.width, pixels.height);
  const columns = Math.max(2, Math.round(pixels.width * factor));
  const rows = Math.max(2, Math.round(pixels.height * factor));
  const rgb = await scale(pixels, columns, rows);
  const cells = Array.from({ length: rows * columns }, (_, at) => contrast(rgb, at, columns, rows));
  const mean = cells.reduce((sum, cell) => sum + cell, 0) / cells.length || 1;
  for (const { box, confidence } of objects) {
    const [left, right] = [Math.floor(box.x * columns), Math.min(columns, Math.ceil((box.x + box.w) * columns))];
    for (let y = Math.floor(box.y * rows); y < Math.min(rows, Math.ceil((box.y + box.h) * rows)); y++) {
      for (let x = left; x < right; x++) cells[y * columns + x] += OBJECT_WEIGHT * mean * confidence;
    }
  }
  const sums = Array.from({ length: rows + 1 }, () => new Float64Array(columns + 1));
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      sums[y + 1][x + 1] = cells[y * columns + x] + sums[y][x + 1] + sums[y + 1][x] - sums[y][x];
    }
  }
  return { sums, columns, rows };
}

/** How much a cell differs from its neighbours on the right and below. */
function contrast(rgb, at, columns, rows) {
  const [x, y] = [at % columns, Math.floor(at / columns)];
  const right = x + 1 < columns ? at + 1 : at;
  const below = y + 1 < rows ? at + columns : at;
  let sum = 0;
  for (let channel = 0; channel < 3; channel++) {
    const own = rgb[at * 3 + channel];
    sum += Math.abs(own - rgb[right * 3 + channel]) + Math.abs(own - rgb[below * 3 + channel]);
  }
  return sum;
}

/** @param {number} shape Ratio wanted, divided by the picture's own. */
function best({ sums, columns, rows }, shape) {
  const whole = { w: Math.min(1, shape), h: Math.min(1, 1 / shape) };
  let winner = { score: -1, box: { x: 0, y: 0, ...whole } };
  for (const step of STEPS) {
    const [w, h] = [whole.w * step, whole.h * step];
    if (step < 1 && w * h < LEAST_AREA) continue;
    for (let y = 0; y <= rows * (1 - h) + EDGE_ROOM; y++) {
      for (let x = 0; x <= columns * (1 - w) + EDGE_ROOM; x++) {
        const box = { x: Math.min(x / columns, 1 - w), y: Math.min(y / rows, 1 - h), w, h };
        // What is kept counts; a smaller crop must keep nearly all of it to win.
        const score = kept(sums, columns, rows, box) / Math.sqrt(w * h);
        if (score > winner.score) winner = { score, box };
      }
    }
  }
  return winner.box;
}

function kept(sums, columns, rows, { x, y, w, h }) {
  const [left, right] = [Math.round(x * columns), Math.round((x + w) * columns)];
  const [top, bottom] = [Math.round(y * rows), Math.round((y + h) * rows)];
  return sums[bottom][right] - sums[top][right] - sums[bottom][left] + sums[top][left];
}
