import { captionOf } from './caption.js';
import { cropsOf } from './crops.js';
import { decode } from './decode.js';
import { measure } from './facts.js';
import { tagsOf } from './tags.js';

// The detector looks at 410 pixels; text needs more.
const SIDE = 1024;
const SIDE_FOR_TEXT = 1600;

/** @typedef {{ name: string, start: number, end: number }} Step Milliseconds since 1970. */

/**
 * Everything that was asked for. What was not asked for is not computed, and absent.
 * @param {{ detector: import('./detect.js').Detector, reader: import('./read.js').Reader }} engines
 * @param {Uint8Array} bytes An untrusted file.
 * @param {import('../api/query.js').AnalyzeRequest} request
 */
export async function analyze({ detector, reader }, bytes, request) {
  /** @type {Step[]} */
  const steps = [];
  const asked = (...names) => names.some((name) => request.features.includes(name));
  const timed = async (name, work) => {
    const start = performance.timeOrigin + performance.now();
    const result = await work();
    steps.push({ name, start, end: performance.timeOrigin + performance.now() });
    return result;
  };

  const picture = await timed('decode', () => decode(bytes, asked('read') ? SIDE_FOR_TEXT : SIDE));
  const objects = asked('tags', 'objects', 'people', 'caption', 'denseCaptions', 'smartCrops')
    ? await timed('detect', () => detector.detect(picture.shown)) : [];
  const facts = asked('tags', 'caption', 'denseCaptions') ? await timed('measure', () => measure(picture.shown)) : undefined;
  const lines = asked('read') ? await timed('read', () => reader.read(picture.shown)) : undefined;
  const crops = asked('smartCrops') ? await timed('crop', () => cropsOf(picture, objects, request.aspectRatios)) : undefined;
  return {
    width: picture.width, height: picture.height, objects, lines, crops, steps,
    tags: asked('tags') ? tagsOf(objects, facts, (lines?.length ?? 0) > 0) : undefined,
    caption: facts ? captionOf(objects, facts) : undefined,
  };
}
