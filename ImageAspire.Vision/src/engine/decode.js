import sharp from 'sharp';
import { ApiError } from '../api/errors.js';

/** @typedef {{ data: Buffer, width: number, height: number }} Pixels Interleaved 8-bit RGB. */
/** @typedef {{ width: number, height: number, shown: Pixels }} Picture Size upright, and its pixels scaled down to what the engines look at. */

const FORMATS = new Set(['jpeg', 'png', 'gif', 'webp', 'tiff']);
const MIN_SIDE = 50;
const MAX_SIDE = 16_000;

// Formats that can be read row by row need little memory, however large; of the others the whole picture is in memory at once.
const MAX_WHOLE_PIXELS = 40_000_000;

sharp.cache(false);
sharp.concurrency(1);
sharp.block({ operation: ['VipsForeignLoad'] });
sharp.unblock({ operation: ['Jpeg', 'Png', 'Nsgif', 'Webp', 'Tiff'].map((name) => `VipsForeignLoad${name}`) });

/**
 * Decodes an untrusted file, upright, on white, in sRGB; of an animation the first frame.
 * @param {Uint8Array} bytes The file.
 * @param {number} maxSide Neither side of the pixels will be larger.
 * @returns {Promise<Picture>}
 * @throws {ApiError} 400: not an image that can be read, or too small or large.
 */
export async function decode(bytes, maxSide) {
  const options = { limitInputPixels: MAX_SIDE * MAX_SIDE, sequentialRead: true, failOn: /** @type {const} */ ('truncated') };
  try {
    const facts = await sharp(bytes, options).metadata();
    const { width, height } = checkSize(facts);
    const { data, info } = await sharp(bytes, options)
      .autoOrient()
      .resize({ width: maxSide, height: maxSide, fit: 'inside', withoutEnlargement: true })
      .flatten({ background: 'white' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels`);
    return { width, height, shown: { data, width: info.width, height: info.height } };
  } catch (error) {
    if (error instanceof ApiError) throw error;
    if (isTooLarge(error)) throw ApiError.imageSize(`The image has more than ${MAX_SIDE} x ${MAX_SIDE} pixels.`);
    throw ApiError.imageFormat(error);
  }
}

/** Scales pixels to exactly a size. @param {Pixels} from @param {number} width @param {number} height @returns {Promise<Buffer>} */
export function scale(from, width, height) {
  return sharp(from.data, { raw: { width: from.width, height: from.height, channels: 3 } })
    .resize({ width, height, fit: 'fill' }).raw().toBuffer();
}

/**
 * Scales pixels and puts them onto a grey square.
 * @param {Pixels} from
 * @param {{ width: number, height: number, left: number, top: number }} frame Size and place.
 * @param {number} side Of the square.
 * @param {number} grey Of the rest, 0 to 255.
 */
export function extend(from, frame, side, grey) {
  const { width, height, left, top } = frame;
  return sharp(from.data, { raw: { width: from.width, height: from.height, channels: 3 } })
    .resize({ width, height, fit: 'fill' })
    .extend({ left, top, right: side - width - left, bottom: side - height - top, background: { r: grey, g: grey, b: grey } })
    .raw().toBuffer();
}

/** @param {import('sharp').Metadata} facts */
function checkSize(facts) {
  if (!FORMATS.has(facts.format)) throw ApiError.imageFormat(new Error(`format ${facts.format}`));
  const { width, height } = facts.autoOrient;
  if (width < MIN_SIDE || height < MIN_SIDE || width > MAX_SIDE || height > MAX_SIDE) {
    throw ApiError.imageSize(`The image is ${width} x ${height} pixels; both sides must have from ${MIN_SIDE} to ${MAX_SIDE}.`);
  }
  // A JPEG is scaled down while it is read, before it is turned; a PNG is turned as a whole.
  const rowByRow = !facts.isProgressive && (facts.format === 'jpeg' || (facts.format === 'png' && (facts.orientation ?? 1) < 5));
  if (!rowByRow && width * height > MAX_WHOLE_PIXELS) {
    throw ApiError.imageSize(`The image is ${width} x ${height} pixels; of a ${facts.isProgressive ? 'progressive ' : ''}${facts.format} image this service takes ${MAX_WHOLE_PIXELS}.`);
  }
  return { width, height };
}

/** @param {unknown} error */
const isTooLarge = (error) => error instanceof Error && error.message.includes('exceeds pixel limit');
