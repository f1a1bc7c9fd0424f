import fs from 'node:fs/promises';
import sharp from 'sharp';
import { configFrom } from '../src/config.js';
import { Engine } from '../src/engine/engine.js';
import { installedPath } from '../src/engine/paths.js';
import { Tracer } from '../src/otel.js';
import { createService } from '../src/service.js';

export const KEY = 'a-key-for-tests';
export const EVERYTHING = 'tags,objects,people,caption,denseCaptions,smartCrops,read';

/** The real service on a free port. @param {Record<string, string>} [env] @param {Engine} [engine] One that runs already. */
export async function startService(env = {}, engine) {
  const config = configFrom({ VISION_KEY: KEY, VISION_PORT: '0', ...env });
  const own = engine ?? new Engine(config.timeLimit, () => {});
  const tracer = Tracer.from(env, () => {});
  const server = createService({ config, engine: own, tracer });
  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  if (!engine) {
    await own.start().catch((error) => {
      server.close(); // else the process would wait for it
      throw error;
    });
  }

  const address = `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`;
  return {
    address,
    engine: own,
    tracer,
    /** @param {Uint8Array | string} body @param {Record<string, string>} [query] @param {Record<string, string>} [headers] */
    analyze: (body, query = {}, headers = {}) => fetch(analyzeUrl(address, query), {
      method: 'POST', body, headers: { 'content-type': 'application/octet-stream', 'ocp-apim-subscription-key': KEY, ...headers },
    }),
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await Promise.all([tracer.close(), engine ? undefined : own.close()]);
    },
  };
}

function analyzeUrl(address, query) {
  const all = new URLSearchParams({ 'api-version': '2023-10-01', features: EVERYTHING, ...query });
  return `${address}/computervision/imageanalysis:analyze?${all}`;
}

/** A photograph of five people, side by side: a part of a picture that comes with the model's package. */
export async function photoOfPeople() {
  const file = await fs.readFile(installedPath('@vladmandic/human', 'assets', 'screenshot-facedetect.jpg'));
  return sharp(file).extract({ left: 0, top: 385, width: 800, height: 160 }).jpeg({ quality: 90 }).toBuffer();
}

/** A flat picture. @param {number} width @param {number} height @param {string} [color] */
export const plain = (width, height, color = '#3366aa') =>
  sharp({ create: { width, height, channels: 3, background: color } }).jpeg().toBuffer();

// Letters of 5 x 7 dots: pictures with text that need no font.
const DOTS = {
  A: '01110 10001 10001 11111 10001 10001 10001', D: '11110 10001 10001 10001 10001 10001 11110', E: '11111 10000 10000 11110 10000 10000 11111',
  G: '01110 10001 10000 10111 10001 10001 01110', N: '10001 11001 10101 10011 10001 10001 10001', R: '11110 10001 10001 11110 10100 10010 10001',
  ' ': '00000 00000 00000 00000 00000 00000 00000',
};

/** A white sign with a word in capitals. @param {string} text @param {number} dot Side of a dot in pixels. */
export function sign(text, dot = 8) {
  const [width, height] = [(text.length * 6 + 8) * dot, 19 * dot];
  const data = Buffer.alloc(width * height, 255);
  [...text].forEach((letter, at) => DOTS[letter].split(' ').forEach((row, line) => [...row].forEach((bit, column) => {
    if (bit === '0') return;
    const [left, top] = [(4 + at * 6 + column) * dot, (6 + line) * dot];
    for (let y = top; y < top + dot; y++) data.fill(10, y * width + left, y * width + left + dot);
  })));
  return sharp(data, { raw: { width, height, channels: 1 } }).blur(dot / 3).png().toBuffer();
}
