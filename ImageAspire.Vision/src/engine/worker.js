// The engines in a thread of their own: the service answers while they compute, and outlives them.
import { parentPort } from 'node:worker_threads';
import { ApiError } from '../api/errors.js';
import { analyze } from './analyze.js';
import { Detector } from './detect.js';
import { Reader } from './read.js';
import { warmUpPicture } from './warm-up.js';

const [detector, reader, picture] = await Promise.all([Detector.load(), Reader.load(), warmUpPicture()]);
const everything = { features: ['tags', 'objects', 'people', 'caption', 'denseCaptions', 'smartCrops', 'read'], aspectRatios: [] };
await analyze({ detector, reader }, picture, everything);

parentPort.on('message', async ({ id, bytes, request }) => {
  try {
    parentPort.postMessage({ id, result: await analyze({ detector, reader }, bytes, request) });
  } catch (error) {
    parentPort.postMessage(error instanceof ApiError ? { id, refused: error.data } : { id, failed: String(error?.stack ?? error) });
  }
});
parentPort.postMessage({ ready: true });
