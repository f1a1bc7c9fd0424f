import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);
const installed = fileURLToPath(new URL('../../node_modules/', import.meta.url));

/** Folder of the module that `require` would load. @param {string} specifier */
export const folderOf = (specifier) => path.dirname(require.resolve(specifier));

/** A file or folder of an installed package, whether the package exports it or not. @param {...string} parts */
export const installedPath = (...parts) => path.join(installed, ...parts);
