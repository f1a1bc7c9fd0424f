// Installs the packages and removes what the service does not use. The build runs it (eng/Vision.targets); by hand: node scripts/install.js
import { spawnSync } from 'node:child_process';
import fs from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { prune, sizeOf } from './prune.js';

const root = fileURLToPath(new URL('..', import.meta.url));
const target = path.join(root, 'node_modules');
const STAMP = '.installed';
const MB = 1_000_000;

// A folder of its own: a build that runs at the same time, or a service that is running, is not disturbed.
const staging = path.join(root, 'obj', `install-${process.pid}-${Date.now()}`);
await fs.mkdir(staging, { recursive: true });
try {
  for (const name of ['package.json', 'package-lock.json', '.npmrc']) await fs.copyFile(path.join(root, name), path.join(staging, name));
  console.log('Vision: installing packages, once …');
  const npm = spawnSync('npm', ['ci', '--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--fetch-retries=1'], {
    cwd: staging, stdio: ['ignore', 'ignore', 'inherit'], shell: process.platform === 'win32', timeout: 300_000,
  });
  if (npm.error || npm.status !== 0) throw new Error(`npm ended with ${npm.error?.message ?? `code ${npm.status}`}`);
  const packages = path.join(staging, 'node_modules');
  await prune(packages);
  await fs.writeFile(path.join(packages, STAMP), `${Math.round((await sizeOf(packages)) / MB)} MB\n`);
  await fs.rename(target, path.join(staging, 'old')).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  await fs.rename(packages, target).catch(async (error) => {
    // Another build was faster; its packages are as good.
    if (!(await fs.stat(path.join(target, STAMP)).catch(() => null))) throw error;
  });
  console.log(`Vision: packages installed, ${(await fs.readFile(path.join(target, STAMP), 'utf8')).trim()}.`);
} catch (error) {
  console.error(`Vision: ${error.message}`);
  process.exitCode = 1;
} finally {
  await fs.rm(staging, { recursive: true, force: true, maxRetries: 3 });
}
