import assert from 'node:assert/strict';
import http from 'node:http';
import { after, before, test } from 'node:test';
import zlib from 'node:zlib';
import { photoOfPeople, plain, startService } from '../testing/harness.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
before(async () => {
  service = await startService();
});
after(() => service?.stop());

/** Asserts an error of the public API's shape. */
async function refused(answer, status, code, inner) {
  const body = await answer.json();
  assert.deepEqual([answer.status, body.error.code, body.error.innererror?.code], [status, code, inner], JSON.stringify(body));
  assert.ok(body.error.message.length > 0);
  assert.equal(answer.headers.get('x-ms-error-code'), inner ?? code);
}

const QUERIES = [
  ['unknown api-version', { 'api-version': '2022-01-01' }, 'UnsupportedApiVersion', undefined],
  ['unknown feature', { features: 'tags,age' }, 'InvalidRequest', 'NotSupportedVisualFeature'],
  ['no feature', { features: '' }, 'InvalidRequest', 'BadArgument'],
  ['unknown language', { language: 'tlh' }, 'InvalidRequest', 'NotSupportedLanguage'],
  ['aspect ratio out of range', { 'smartcrops-aspect-ratios': '0.9,3' }, 'InvalidRequest', 'BadArgument'],
  ['aspect ratio that is no number', { 'smartcrops-aspect-ratios': 'wide' }, 'InvalidRequest', 'BadArgument'],
  ['unknown model version', { 'model-version': '1999-01-01' }, 'InvalidRequest', 'BadArgument'],
];
for (const [name, query, code, inner] of QUERIES) {
  test(`analyze, ${name}: 400`, async () => refused(await service.analyze(await plain(100, 100), query), 400, code, inner));
}

for (const key of [undefined, '', 'wrong', 'a-key-for-test', 'a-key-for-tests2']) {
  test(`analyze, key ${key}: 401`, async () => {
    const headers = key === undefined ? { 'ocp-apim-subscription-key': '' } : { 'ocp-apim-subscription-key': key };
    await refused(await service.analyze(await plain(100, 100), {}, headers), 401, '401', undefined);
  });
}

test('another address: 404', async () => refused(await fetch(`${service.address}/vision/v3.2/analyze`), 404, '404', undefined));

test('analyze, another content type: 415', async () =>
  refused(await service.analyze('x', {}, { 'content-type': 'text/plain' }), 415, 'UnsupportedMediaType', undefined));

/** A PNG whose header says one thing and whose body is a stream of zeros. */
function png(width, height, rows) {
  const chunk = (type, data) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const frame = Buffer.alloc(8);
    frame.writeUInt32BE(data.length, 0);
    frame.writeUInt32BE(zlib.crc32 ? zlib.crc32(body) : crc32(body), 4);
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)]);
  };
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 0, 0, 0, 0], 8);
  const body = zlib.deflateSync(Buffer.alloc((width + 1) * rows), { level: 9 });
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', header), chunk('IDAT', body), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(data) {
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

const photo = await photoOfPeople();
const HOSTILE = [
  ['no bytes', Buffer.alloc(0), 'InvalidImageFormat'],
  ['text', Buffer.from('I am an image, I promise.'), 'InvalidImageFormat'],
  ['SVG', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="100" height="100"><rect width="9" height="9"/></svg>'), 'InvalidImageFormat'],
  ['a header alone', photo.subarray(0, 20), 'InvalidImageFormat'],
  ['a photo cut in the middle', photo.subarray(0, photo.length / 2), 'InvalidImageFormat'],
  ['noise after a JPEG header', Buffer.concat([photo.subarray(0, 200), Buffer.alloc(4000, 0xa7)]), 'InvalidImageFormat'],
  ['a PNG that ends after a tenth', png(1000, 1000, 100), 'InvalidImageFormat'],
  ['a bomb: 100,000 x 100,000', png(100_000, 100_000, 1), 'InvalidImageSize'],
  ['a long thin one: 20,000 x 60', png(20_000, 60, 60), 'InvalidImageSize'],
  ['too small: 49 x 200', await plain(49, 200), 'InvalidImageSize'],
];
for (const [name, bytes, inner] of HOSTILE) {
  test(`analyze, ${name}: 400 ${inner}, and the next photo is served`, async () => {
    await refused(await service.analyze(bytes), 400, 'InvalidRequest', inner);
    assert.equal((await service.analyze(photo, { features: 'objects' })).status, 200);
  });
}

test('analyze, 16,000 x 16,000 of the same grey: served', async () => {
  const answer = await service.analyze(png(16_000, 16_000, 16_000), { features: 'tags' });
  assert.equal(answer.status, 200, await answer.text());
});

test('analyze, 20 MB: 400 InvalidImageSize, whether the length is announced or not', async () => {
  const large = Buffer.alloc(20_000_000);
  await refused(await service.analyze(large), 400, 'InvalidRequest', 'InvalidImageSize');
  const streamed = await fetch(`${service.address}/computervision/imageanalysis:analyze?api-version=2023-10-01&features=tags`, {
    method: 'POST', duplex: 'half', body: new Blob([large]).stream(),
    headers: { 'content-type': 'application/octet-stream', 'ocp-apim-subscription-key': 'a-key-for-tests' },
  });
  await refused(streamed, 400, 'InvalidRequest', 'InvalidImageSize');
});

for (const body of ['{', '{}', '{"url":"http://192.0.2.1/a.jpg"}', '{"url":"file:///etc/hosts"}', '{"url":"http://localhost.example/a.jpg"}']) {
  test(`analyze, url ${body}: 400 InvalidImageUrl`, async () =>
    refused(await service.analyze(body, {}, { 'content-type': 'application/json' }), 400, 'InvalidRequest', 'InvalidImageUrl'));
}

test('analyze, url on this machine: fetched; a redirect is not followed', async () => {
  const files = http.createServer((request, response) => {
    if (request.url === '/photo.jpg') response.end(photo);
    else response.writeHead(302, { location: '/photo.jpg' }).end();
  });
  await new Promise((resolve) => {
    files.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (files.address());
  const ask = (path) => service.analyze(JSON.stringify({ url: `http://127.0.0.1:${port}${path}` }), { features: 'people' }, { 'content-type': 'application/json' });
  try {
    assert.ok((await (await ask('/photo.jpg')).json()).peopleResult.values.length >= 3);
    await refused(await ask('/elsewhere'), 400, 'InvalidRequest', 'InvalidImageUrl');
  } finally {
    files.closeAllConnections();
    files.close();
  }
});
