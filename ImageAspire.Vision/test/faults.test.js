import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs/promises';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { ApiError } from '../src/api/errors.js';
import { Engine } from '../src/engine/engine.js';
import { photoOfPeople, plain, startService } from '../testing/harness.js';

const root = fileURLToPath(new URL('..', import.meta.url));

/** An engine whose analyses wait until they are let go. */
function slowEngine() {
  const waiting = [];
  return {
    ready: true, waiting,
    analyze: () => new Promise((resolve) => {
      waiting.push(() => resolve({ width: 100, height: 100, objects: [], tags: [], steps: [] }));
    }),
  };
}

const until = async (condition) => {
  const end = Date.now() + 20_000;
  while (!condition()) {
    assert.ok(Date.now() < end, 'the condition did not come true');
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
};

test('analyze, queue full: 503 with Retry-After; those inside are answered', async () => {
  const engine = slowEngine();
  const service = await startService({ VISION_QUEUE: '2' }, engine);
  try {
    const photo = await plain(100, 100);
    const first = service.analyze(photo, { features: 'tags' });
    await until(() => engine.waiting.length === 1);
    const second = service.analyze(photo, { features: 'tags' });
    let third;
    do third = await Promise.race([second.then(() => null), service.analyze(photo, { features: 'tags' })]);
    while (third?.status !== 503);
    assert.equal(third.headers.get('retry-after'), '1');
    assert.equal((await third.json()).error.code, 'ServiceUnavailable');
    engine.waiting[0]();
    assert.equal((await first).status, 200);
    await until(() => engine.waiting.length >= 2);
    engine.waiting[1]();
    assert.equal((await second).status, 200);
  } finally {
    await service.stop();
  }
});

test('health and analyze, still starting: 503', async () => {
  const service = await startService({}, { ready: false });
  try {
    assert.equal((await fetch(`${service.address}/health`)).status, 503);
    assert.equal((await fetch(`${service.address}/alive`)).status, 200);
    const answer = await service.analyze(await plain(100, 100));
    assert.deepEqual([answer.status, answer.headers.get('retry-after')], [503, '2']);
  } finally {
    await service.stop();
  }
});

test('engine, an analysis beyond the time limit: Timeout, then it works again', async () => {
  const lines = [];
  const engine = new Engine(1, (line) => lines.push(line));
  await engine.start();
  try {
    const request = { features: ['tags', 'objects'], aspectRatios: [] };
    const photo = await photoOfPeople();
    await assert.rejects(engine.analyze(photo, request), (error) => error instanceof ApiError && error.status === 500 && error.inner === 'Timeout');
    assert.match(lines[0], /longer than/);
    await until(() => !engine.ready);
    await until(() => engine.ready);
  } finally {
    await engine.close();
  }
});

test('traces: the caller\'s trace goes on, with a span for each step', async () => {
  const bodies = [];
  const collector = http.createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    bodies.push({ url: request.url, type: request.headers['content-type'], key: request.headers['x-otlp-api-key'], body: Buffer.concat(parts) });
    response.end();
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const { port } = /** @type {import('node:net').AddressInfo} */ (collector.address());
  const service = await startService({ OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${port}`, OTEL_EXPORTER_OTLP_HEADERS: 'x-otlp-api-key=a%20b', OTEL_SERVICE_NAME: 'seeing' });
  try {
    const traceparent = '00-0123456789abcdef0123456789abcdef-fedcba9876543210-01';
    assert.equal((await service.analyze(await plain(100, 100), { features: 'objects' }, { traceparent, baggage: 'a=b, imageaspire.image.id=0198c0de-0000-7000-8000-000000000001;x=y' })).status, 200);
    await until(() => bodies.length > 0);
    const { url, type, key, body } = bodies[0];
    assert.deepEqual([url, type, key], ['/v1/traces', 'application/x-protobuf', 'a b']);
    for (const part of ['seeing', 'ImageAnalysis.Analyze', 'decode', 'detect', 'imageaspire.image.id', '0198c0de-0000-7000-8000-000000000001']) assert.ok(body.includes(part), part);
    for (const id of ['0123456789abcdef0123456789abcdef', 'fedcba9876543210']) assert.ok(body.includes(Buffer.from(id, 'hex')), id);
  } finally {
    await service.stop();
    collector.closeAllConnections();
    collector.close();
  }
});

/** Runs the server's process. */
function run(env, folder = root) {
  const child = spawn(process.execPath, ['src/server.js'], { cwd: folder, env: { PATH: process.env.PATH, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => {
    text += data;
  });
  return { child, text: () => text, exit: once(child, 'exit') };
}

test('process, settings that cannot be: every problem at once, and exit code 1', async () => {
  const { exit, text } = run({ VISION_PORT: 'many', VISION_QUEUE: '0' });
  assert.equal((await exit)[0], 1);
  for (const name of ['VISION_KEY', 'VISION_PORT', 'VISION_QUEUE']) assert.match(text(), new RegExp(name));
});

test('process, a model file missing: it says so, and how to help, and ends with 1', async () => {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'vision-'));
  try {
    await fs.cp(path.join(root, 'src'), path.join(folder, 'src'), { recursive: true });
    await fs.copyFile(path.join(root, 'package.json'), path.join(folder, 'package.json'));
    await fs.mkdir(path.join(folder, 'node_modules'));
    for (const name of await fs.readdir(path.join(root, 'node_modules'))) {
      if (name !== '@vladmandic' && !name.startsWith('.')) await fs.symlink(path.join(root, 'node_modules', name), path.join(folder, 'node_modules', name), 'junction');
    }
    const { exit, text } = run({ VISION_KEY: 'a-key-for-tests', VISION_PORT: '0' }, folder);
    assert.equal((await exit)[0], 1);
    assert.match(text(), /centernet[\s\S]*install\.js/);
  } finally {
    await fs.rm(folder, { recursive: true });
  }
});

test('process, the parent goes: it ends, and leaves nothing', async () => {
  const { child, exit, text } = run({ VISION_KEY: 'a-key-for-tests', VISION_PORT: '0', IMAGEASPIRE_STOP_WITH_PARENT: '1' });
  await until(() => text().includes('Vision is ready on http://127.0.0.1:'));
  child.stdin.end();
  assert.equal((await exit)[0], 0);
});
