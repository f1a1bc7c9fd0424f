import sharp from 'sharp';

/** @typedef {{ x: number, y: number, w: number, h: number }} Region In pixels of the picture given. */

// Small letters are found in a large picture, large ones in a small picture. All lengths below are in pixels of these.
const SIDES = [1024, 512, 256];
const STRONG_EDGE = 48; // difference of grey, of 255, between the neighbours on both sides
const GAP = 10; // between strokes of one line of text
const MIN_HEIGHT = 7;
const MAX_HEIGHT = 200;
const MIN_SHAPE = 1.4; // width by height
const MIN_DENSITY = 0.14; // strong edges in the region's box
const MAX_DENSITY = 0.7;
const MIN_FILLED = 0.4; // strokes and gaps in the region's box: text fills its line
const MIN_STROKES = 4; // from paper to ink, on the way through the middle
const MIN_CLEAN = 0.62; // how much of the variance two greys, ink and paper, explain

/**
 * Where lines of text may be: rows of dense vertical strokes in two greys. Cheap, so that text is recognised only where it can be.
 * It finds too much rather than too little.
 * @param {import('./decode.js').Pixels} pixels
 * @returns {Promise<Region[]>}
 */
export async function textRegions(pixels) {
  const found = await Promise.all(SIDES.map((side) => regionsAt(pixels, Math.min(1, side / Math.max(pixels.width, pixels.height)))));
  return found.flat();
}

async function regionsAt(pixels, factor) {
  const { data, info } = await sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
    .resize(Math.max(3, Math.round(pixels.width * factor)), Math.max(3, Math.round(pixels.height * factor)), { fit: 'fill' })
    .greyscale().raw().toBuffer({ resolveWithObject: true });
  const grey = { data, width: info.width, height: info.height };
  return joined(grey).filter((region) => isText(grey, region))
    .map(({ left, top, right, bottom }) => ({
      x: Math.floor(left / factor), y: Math.floor(top / factor),
      w: Math.ceil((right - left) / factor), h: Math.ceil((bottom - top) / factor),
    }));
}

const isStrong = (data, at) => Math.abs(data[at + 1] - data[at - 1]) > STRONG_EDGE;

/** Runs of strong edges, gaps included, of one row. */
function runsOf({ data, width }, y) {
  const runs = [];
  let run = null;
  for (let x = 1; x < width - 1; x++) {
    if (!isStrong(data, y * width + x)) continue;
    if (run && x - run.right <= GAP) {
      run.right = x + 1;
      run.edges++;
    } else {
      run = { left: x, right: x + 1, edges: 1, y };
      runs.push(run);
    }
  }
  return runs;
}

/** Joins runs that touch from row to row. */
function joined(grey) {
  const done = [];
  let open = [];
  for (let y = 0; y < grey.height; y++) {
    const next = new Set();
    for (const run of runsOf(grey, y)) {
      const touching = open.filter((one) => one.bottom >= y - 1 && one.lastRuns.some((last) => last.left < run.right && run.left < last.right));
      const region = touching.reduce((a, b) => (a === b ? a : merge(a, b, open)), touching[0] ?? { left: run.left, right: run.right, top: y, bottom: y, edges: 0, filled: 0, lastRuns: [], nowRuns: [] });
      region.left = Math.min(region.left, run.left);
      region.right = Math.max(region.right, run.right);
      region.bottom = y + 1;
      region.edges += run.edges;
      region.filled += run.right - run.left;
      region.nowRuns.push(run);
      if (!open.includes(region)) open.push(region);
      next.add(region);
    }
    for (const region of open) {
      if (!next.has(region)) done.push(region);
      region.lastRuns = region.nowRuns;
      region.nowRuns = [];
    }
    open = [...next].filter((region) => open.includes(region));
  }
  return [...done, ...open];
}

/** Puts b into a. */
function merge(a, b, open) {
  a.left = Math.min(a.left, b.left);
  a.right = Math.max(a.right, b.right);
  a.top = Math.min(a.top, b.top);
  a.edges += b.edges;
  a.filled += b.filled;
  a.lastRuns.push(...b.lastRuns);
  a.nowRuns.push(...b.nowRuns);
  open.splice(open.indexOf(b), 1);
  return a;
}

function isText(grey, region) {
  const [width, height] = [region.right - region.left, region.bottom - region.top];
  if (height < MIN_HEIGHT || height > MAX_HEIGHT || width < MIN_SHAPE * height) return false;
  const density = region.edges / (width * height);
  if (density < MIN_DENSITY || density > MAX_DENSITY || region.filled / (width * height) < MIN_FILLED) return false;
  const { threshold, clean } = twoGreys(grey, region);
  return clean >= MIN_CLEAN && strokes(grey, region, threshold) >= MIN_STROKES;
}

/** Otsu's threshold ("A threshold selection method from gray-level histograms", 1979), and the share of variance that it explains. */
function twoGreys({ data, width }, { left, right, top, bottom }) {
  const histogram = new Float64Array(256);
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++) histogram[data[y * width + x]]++;
  }
  const total = (right - left) * (bottom - top);
  const mean = histogram.reduce((sum, count, value) => sum + count * value, 0) / total;
  const variance = histogram.reduce((sum, count, value) => sum + count * (value - mean) ** 2, 0) / total;
  let [below, sum, most, threshold] = [0, 0, 0, 0];
  for (let value = 0; value < 255; value++) {
    below += histogram[value] / total;
    sum += (histogram[value] * value) / total;
    const between = below > 0 && below < 1 ? (mean * below - sum) ** 2 / (below * (1 - below)) : 0;
    if (between > most) [most, threshold] = [between, value];
  }
  return { threshold, clean: variance > 0 ? most / variance : 0 };
}

/** Changes between the two greys along the middle, where there are most of three rows. */
function strokes({ data, width }, { left, right, top, bottom }, threshold) {
  const rows = [0.35, 0.5, 0.65].map((part) => Math.floor(top + (bottom - top) * part));
  return Math.max(...rows.map((y) => {
    let changes = 0;
    for (let x = left + 1; x < right; x++) {
      if (data[y * width + x] > threshold !== data[y * width + x - 1] > threshold) changes++;
    }
    return changes;
  }));
}
