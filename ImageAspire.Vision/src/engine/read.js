import os from 'node:os';
import sharp from 'sharp';
import { createWorker, OEM, PSM } from 'tesseract.js';
import { installedPath } from './paths.js';
import { textRegions } from './text-regions.js';

/** @typedef {{ text: string, confidence: number, box: import('./detect.js').Box }} Word */
/** @typedef {{ text: string, words: Word[], box: import('./detect.js').Box }} Line */

// Tesseract reads best when capitals are about this high (tesseract-ocr.github.io, "Improving the quality of the output").
const BEST_HEIGHT = 32;
const MIN_FACTOR = 0.3;
const MAX_FACTOR = 2.5;
const MAX_PIXELS = 4_000_000;
const LEAST_SURE = 60; // of 100: below, the words in photos are mostly invented
const SURE = 85; // enough for a line without a word of three letters or digits
const PATIENCE = 10_000; // ms; a page full of digits takes half a minute
const MARGIN = 1.5; // around the regions, in heights of a line: the search misses some lines beside those that it finds

/** Text recognition: Tesseract's LSTM for English, in a thread of its own. */
export class Reader {
  #tesseract;

  constructor(tesseract) {
    this.#tesseract = tesseract;
  }

  static async load() {
    const reader = new Reader(start());
    await reader.#tesseract;
    return reader;
  }

  /**
   * Lines of text, in reading order; none without a search when nothing looks like text.
   * @param {import('./decode.js').Pixels} pixels
   * @returns {Promise<Line[]>}
   */
  async read(pixels) {
    const regions = await textRegions(pixels);
    if (regions.length === 0) return [];
    const area = around(regions, pixels);
    const enlarged = factorFor(regions, area);
    const blocks = await this.#recognize(await greyMap(pixels, area, enlarged));
    const place = ({ x0, y0, x1, y1 }) => ({
      x: (area.left + x0 / enlarged) / pixels.width, y: (area.top + y0 / enlarged) / pixels.height,
      w: (x1 - x0) / enlarged / pixels.width, h: (y1 - y0) / enlarged / pixels.height,
    });
    return blocks.flatMap((block) => block.paragraphs.flatMap((paragraph) => paragraph.lines))
      .map((line) => lineOf(line, place)).filter((line) => line !== null)
      .sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
  }

  async close() {
    await (await this.#tesseract).terminate();
  }

  /** Blocks of text; none when it takes too long, as Tesseract can only be stopped by ending it. @param {Buffer} image */
  async #recognize(image) {
    const tesseract = await this.#tesseract;
    /** @type {NodeJS.Timeout | undefined} */
    let timer;
    const late = new Promise((resolve) => {
      timer = setTimeout(resolve, PATIENCE, null);
    });
    const result = await Promise.race([tesseract.recognize(image, {}, { blocks: true, text: false }), late]);
    clearTimeout(timer);
    if (result === null) {
      await tesseract.terminate();
      this.#tesseract = start();
    }
    return result?.data.blocks ?? [];
  }
}

async function start() {
  const tesseract = await createWorker('eng', OEM.LSTM_ONLY, {
    langPath: installedPath('@tesseract.js-data/eng', '4.0.0_best_int'), cachePath: os.tmpdir(), cacheMethod: 'none', gzip: true,
  });
  await tesseract.setParameters({ tessedit_pageseg_mode: PSM.AUTO, user_defined_dpi: '300', debug_file: '/dev/null' });
  return tesseract;
}

/** The box of all regions, with some room. */
function around(regions, { width, height }) {
  const room = Math.max(...regions.map((one) => one.h)) * MARGIN + 8;
  const left = Math.max(0, Math.floor(Math.min(...regions.map((one) => one.x)) - room));
  const top = Math.max(0, Math.floor(Math.min(...regions.map((one) => one.y)) - room));
  const right = Math.min(width, Math.ceil(Math.max(...regions.map((one) => one.x + one.w)) + room));
  const bottom = Math.min(height, Math.ceil(Math.max(...regions.map((one) => one.y + one.h)) + room));
  return { left, top, width: right - left, height: bottom - top };
}

function factorFor(regions, area) {
  const heights = regions.map((one) => one.h).sort((a, b) => a - b);
  const wanted = BEST_HEIGHT / heights[heights.length >> 1];
  const most = Math.sqrt(MAX_PIXELS / (area.width * area.height));
  return Math.min(Math.max(MIN_FACTOR, wanted), MAX_FACTOR, most);
}

/** A part of the picture as a PGM file, which costs nothing to write and to read. */
async function greyMap(pixels, area, factor) {
  const [width, height] = [area.width, area.height].map((side) => Math.max(1, Math.round(side * factor)));
  const grey = await sharp(pixels.data, { raw: { width: pixels.width, height: pixels.height, channels: 3 } })
    .extract(area).resize(width, height, { fit: 'fill' }).greyscale().raw().toBuffer();
  return Buffer.concat([Buffer.from(`P5\n${width} ${height}\n255\n`, 'latin1'), grey]);
}

/** A line with the words that are sure enough; null when none is left, or nothing that a person would call a word. */
function lineOf(line, place) {
  const words = line.words.filter((word) => word.confidence >= LEAST_SURE && word.text.trim() !== '')
    .map((word) => ({ text: word.text.trim(), confidence: word.confidence / 100, box: place(word.bbox) }));
  const isWord = (word) => lettersOf(word.text) >= 3 || (lettersOf(word.text) === 2 && word.confidence * 100 >= SURE);
  return words.some(isWord) ? { text: words.map((word) => word.text).join(' '), words, box: place(line.bbox) } : null;
}

const lettersOf = (text) => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
