import fs from 'node:fs/promises';
import path from 'node:path';

/** What of a package is kept, by its path inside the package. Packages that are not named are kept whole. */
const KEPT = {
  // One of its models, the picture that the tests look at, and the licence.
  '@vladmandic/human': /^(package\.json|LICENSE|models\/centernet\.(json|bin)|assets\/screenshot-facedetect\.jpg)$/,
  // The build for Node, and the WebAssembly itself.
  '@tensorflow/tfjs-core': /^(package\.json|LICENSE|dist\/tf-core\.node\.js)$/,
  '@tensorflow/tfjs-converter': /^(package\.json|LICENSE|dist\/tf-converter\.node\.js)$/,
  '@tensorflow/tfjs-backend-cpu': /^(package\.json|LICENSE|dist\/tf-backend-cpu\.node\.js)$/,
  '@tensorflow/tfjs-backend-wasm': /^(package\.json|LICENSE|dist\/(tf-backend-wasm\.node\.js|[\w-]+\.wasm)|wasm-out\/.*)$/,
  // The engine, once for each kind of processor. (On Node, tesseract.js 7.0.0 asks for the complete one, never for "-lstm".)
  'tesseract.js-core': /^(package\.json|LICENSE|index\.js|tesseract-core(-simd|-relaxedsimd)?\.(js|wasm))$/,
  '@tesseract.js-data/eng': /^(package\.json|index\.js|README\.md|4\.0\.0_best_int\/.*)$/,
  '@types': /^$/,
  '@webgpu': /^$/,
};

/** Removes what the service does not use. @param {string} packages A `node_modules` folder. */
export async function prune(packages) {
  for (const [name, kept] of Object.entries(KEPT)) {
    const folder = path.join(packages, name);
    for (const file of await filesIn(folder)) {
      if (!kept.test(path.relative(folder, file).replaceAll(path.sep, '/'))) await fs.rm(file);
    }
  }
}

/** Bytes of all files. @param {string} folder */
export async function sizeOf(folder) {
  const sizes = await Promise.all((await filesIn(folder)).map(async (file) => (await fs.stat(file)).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function filesIn(folder) {
  const entries = await fs.readdir(folder, { withFileTypes: true, recursive: true }).catch((error) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name));
}
