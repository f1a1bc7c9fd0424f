import { scale } from './decode.js';

const SIDE = 64;

/** @typedef {{ tags: { name: string, confidence: number }[], adjectives: string[], colors: string[] }} Facts */

/**
 * What can be measured: lightness and colours. A judgement has confidence 0.5 at its threshold and 1 at the end of its scale.
 * Colours are of the share of pixels they cover.
 * @param {import('./decode.js').Pixels} pixels
 * @returns {Promise<Facts>}
 */
export async function measure(pixels) {
  const rgb = await scale(pixels, SIDE, SIDE);
  /** @type {Map<string, number>} */
  const counts = new Map();
  let lightness = 0;
  for (let at = 0; at < rgb.length; at += 3) {
    const [r, g, b] = [rgb[at], rgb[at + 1], rgb[at + 2]];
    lightness += lightnessOf(r, g, b);
    const name = colorName(r, g, b);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const total = SIDE * SIDE;
  const shares = [...counts].map(([name, count]) => ({ name, share: count / total })).sort((a, b) => b.share - a.share);
  const grey = shares.filter((one) => GREYS.has(one.name)).reduce((sum, one) => sum + one.share, 0);
  return describe(lightness / total, shares, grey > ALL_GREY);
}

const BRIGHT = 0.65; // mean of L*/100
const DARK = 0.3;
const ALL_GREY = 0.995;
const NAMED_SHARE = 0.2; // a colour is named when it covers a fifth
const GREYS = new Set(['black', 'grey', 'white']);

function describe(lightness, shares, monochrome) {
  const tags = [];
  if (lightness >= BRIGHT) tags.push({ name: 'bright', confidence: grow(lightness, BRIGHT, 1) });
  if (lightness <= DARK) tags.push({ name: 'dark', confidence: grow(lightness, DARK, 0) });
  if (monochrome) tags.push({ name: 'black and white', confidence: 1 });
  const adjectives = tags.map((tag) => tag.name);
  const named = shares.filter((one) => one.share >= NAMED_SHARE);
  for (const { name, share } of named) tags.push({ name, confidence: grow(share, NAMED_SHARE, 1) });
  return { tags, adjectives, colors: monochrome ? [] : named.slice(0, 2).map((one) => one.name) };
}

const grow = (value, threshold, end) => Math.min(1, 0.5 + (0.5 * (value - threshold)) / (end - threshold));

/** CIE L* of an sRGB colour, 0 to 1 (IEC 61966-2-1 and CIE 15). */
function lightnessOf(...rgb) {
  const [r, g, b] = rgb.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  const y = 0.2126 * r + 0.7152 * g + 0.0722 * b;
  return (y > 216 / 24389 ? 116 * Math.cbrt(y) - 16 : (y * 24389) / 27) / 100;
}

/** One of the eleven basic colour terms (Berlin and Kay, 1969) for an sRGB colour. @returns {string} */
export function colorName(r, g, b) {
  const [most, least] = [Math.max(r, g, b), Math.min(r, g, b)];
  const range = most - least;
  const light = (most + least) / 510;
  const saturation = range === 0 ? 0 : range / 255 / (1 - Math.abs(2 * light - 1));
  if (most < 40) return 'black';
  if (range < 22 || saturation < 0.12) return most < 50 ? 'black' : most > 225 ? 'white' : 'grey';
  const turn = most === r ? (g - b) / range : most === g ? 2 + (b - r) / range : 4 + (r - g) / range;
  const hue = (60 * turn + 360) % 360;
  if (hue < 15 || hue >= 345) return light > 0.72 ? 'pink' : 'red';
  if (hue < 45) return light < 0.42 || saturation < 0.45 ? 'brown' : 'orange';
  if (hue < 70) return light < 0.3 ? 'brown' : 'yellow';
  if (hue < 170) return 'green';
  if (hue < 255) return 'blue';
  if (hue < 300) return 'purple';
  return light > 0.5 ? 'pink' : 'purple';
}
