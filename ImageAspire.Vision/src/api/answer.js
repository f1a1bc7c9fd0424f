import { phraseOf } from '../engine/caption.js';

/** Name and version of what looks at pictures; a part of every answer. */
export const MODEL_VERSION = 'imageaspire-vision/1 (centernet-coco80 of @vladmandic/human 3.3.6, tesseract.js 7.0.0)';

const MOST_CAPTIONS = 10;

/**
 * The answer of the public API: `ImageAnalysisResult`, with the features that were asked for.
 * @param {Awaited<ReturnType<typeof import('../engine/analyze.js').analyze>>} seen
 * @param {import('./query.js').AnalyzeRequest} request
 */
export function answerOf(seen, request) {
  const box = (part) => boxOf(part, seen);
  const polygon = (part) => polygonOf(box(part));
  const sections = {
    captionResult: () => round(seen.caption),
    denseCaptionsResult: () => ({ values: denseCaptions(seen, box) }),
    tagsResult: () => ({ values: seen.tags.map(round) }),
    objectsResult: () => ({
      values: seen.objects.map((one) => ({ boundingBox: box(one.box), tags: [round({ name: one.name, confidence: one.confidence })] })),
    }),
    readResult: () => ({ blocks: seen.lines.length === 0 ? [] : [{ lines: seen.lines.map((line) => lineOf(line, polygon)) }] }),
    smartCropsResult: () => ({ values: seen.crops.map((crop) => ({ aspectRatio: crop.aspectRatio, boundingBox: box(crop.box) })) }),
    peopleResult: () => ({
      values: seen.objects.filter((one) => one.name === 'person').map((one) => round({ boundingBox: box(one.box), confidence: one.confidence })),
    }),
  };
  const wanted = request.features.map((feature) => `${feature}Result`);
  return {
    modelVersion: MODEL_VERSION,
    metadata: { width: seen.width, height: seen.height },
    ...Object.fromEntries(Object.entries(sections).filter(([name]) => wanted.includes(name)).map(([name, make]) => [name, make()])),
  };
}

function denseCaptions(seen, box) {
  const whole = { ...seen.caption, boundingBox: box({ x: 0, y: 0, w: 1, h: 1 }) };
  const parts = seen.objects.map((one) => ({ text: phraseOf(one.name), confidence: one.confidence, boundingBox: box(one.box) }));
  return [whole, ...parts].slice(0, MOST_CAPTIONS).map(round);
}

const lineOf = (line, polygon) => ({
  text: line.text,
  boundingPolygon: polygon(line.box),
  words: line.words.map((word) => round({ text: word.text, boundingPolygon: polygon(word.box), confidence: word.confidence })),
});

/** Parts of the picture in its pixels, within it. */
function boxOf({ x, y, w, h }, { width, height }) {
  const [left, top] = [Math.round(x * width), Math.round(y * height)];
  const [right, bottom] = [Math.min(width, Math.round((x + w) * width)), Math.min(height, Math.round((y + h) * height))];
  return { x: Math.max(0, left), y: Math.max(0, top), w: Math.max(1, right - left), h: Math.max(1, bottom - top) };
}

const polygonOf = ({ x, y, w, h }) => [{ x, y }, { x: x + w, y }, { x: x + w, y: y + h }, { x, y: y + h }];

const round = (one) => ({ ...one, confidence: Number(Math.min(Math.max(one.confidence, 0), 1).toFixed(4)) });
