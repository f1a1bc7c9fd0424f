import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { EVERYTHING, photoOfPeople, plain, sign, startService } from '../testing/harness.js';

/** @type {Awaited<ReturnType<typeof startService>>} */
let service;
before(async () => {
  service = await startService();
});
after(() => service?.stop());

const isInteger = (value) => assert.ok(Number.isInteger(value) && value >= 0, `${value} is no coordinate`);
const isConfidence = (value) => assert.ok(typeof value === 'number' && value >= 0 && value <= 1, `${value} is no confidence`);
const isText = (value) => assert.ok(typeof value === 'string' && value.length > 0);
const isBox = (box) => {
  assert.deepEqual(Object.keys(box).sort(), ['h', 'w', 'x', 'y']);
  Object.values(box).forEach(isInteger);
};
const isPolygon = (polygon) => {
  assert.equal(polygon.length, 4);
  for (const point of polygon) {
    assert.deepEqual(Object.keys(point).sort(), ['x', 'y']);
    Object.values(point).forEach(isInteger);
  }
};
const isTag = (tag) => {
  assert.deepEqual(Object.keys(tag).sort(), ['confidence', 'name']);
  isText(tag.name);
  isConfidence(tag.confidence);
};

// Written from models.tsp of the public specification (azure-rest-api-specs, specification/ai/ImageAnalysis).
const SECTIONS = {
  captionResult: (caption) => (isText(caption.text), isConfidence(caption.confidence)),
  denseCaptionsResult: ({ values }) => {
    assert.ok(values.length >= 1 && values.length <= 10);
    values.forEach((one) => (isText(one.text), isConfidence(one.confidence), isBox(one.boundingBox)));
  },
  tagsResult: ({ values }) => values.forEach(isTag),
  objectsResult: ({ values }) => values.forEach((one) => (isBox(one.boundingBox), assert.equal(one.tags.length, 1), isTag(one.tags[0]))),
  peopleResult: ({ values }) => values.forEach((one) => (isBox(one.boundingBox), isConfidence(one.confidence))),
  smartCropsResult: ({ values }) => {
    assert.ok(values.length >= 1);
    values.forEach((one) => (isBox(one.boundingBox), assert.ok(one.aspectRatio >= 0.5 && one.aspectRatio <= 2)));
  },
  readResult: ({ blocks }) => {
    assert.ok(blocks.length <= 1);
    for (const line of blocks.flatMap((block) => block.lines)) {
      isText(line.text);
      isPolygon(line.boundingPolygon);
      assert.ok(line.words.length >= 1);
      line.words.forEach((word) => (isText(word.text), isPolygon(word.boundingPolygon), isConfidence(word.confidence)));
    }
  },
};

for (const version of ['2023-10-01', '2024-02-01']) {
  test(`analyze, ${version}, everything: the shape of the public specification`, async () => {
    const answer = await service.analyze(await photoOfPeople(), { 'api-version': version });
    assert.equal(answer.status, 200);
    assert.match(answer.headers.get('content-type') ?? '', /^application\/json/);
    const body = await answer.json();
    assert.deepEqual(Object.keys(body).sort(), [...Object.keys(SECTIONS), 'metadata', 'modelVersion'].sort());
    assert.deepEqual(body.metadata, { width: 800, height: 160 });
    assert.match(body.modelVersion, /centernet/);
    for (const [name, check] of Object.entries(SECTIONS)) check(body[name]);
  });
}

for (const feature of EVERYTHING.split(',')) {
  test(`analyze, ${feature} alone: no other section`, async () => {
    const body = await (await service.analyze(await plain(200, 150), { features: feature })).json();
    assert.deepEqual(Object.keys(body).sort(), ['metadata', 'modelVersion', `${feature}Result`].sort());
    SECTIONS[`${feature}Result`](body[`${feature}Result`]);
  });
}

test('analyze, photo of five people: they are seen, boxed, tagged and told', async () => {
  const body = await (await service.analyze(await photoOfPeople())).json();
  assert.ok(body.peopleResult.values.length >= 3, JSON.stringify(body.peopleResult));
  assert.ok(body.objectsResult.values.filter((one) => one.tags[0].name === 'person').length >= 3);
  assert.ok(body.tagsResult.values.some((tag) => tag.name === 'person'));
  assert.match(body.captionResult.text, /^(Three|Four|Five) people/);
});

test('analyze, a sign: its words are read where they stand', async () => {
  const body = await (await service.analyze(await sign('DANGER', 10), { features: 'read,tags' })).json();
  const lines = body.readResult.blocks.flatMap((block) => block.lines);
  assert.deepEqual(lines.map((line) => line.text), ['DANGER']);
  const [topLeft, , bottomRight] = lines[0].boundingPolygon;
  assert.ok(Math.abs(topLeft.x - 40) < 12 && Math.abs(topLeft.y - 60) < 12, JSON.stringify(topLeft));
  assert.ok(Math.abs(bottomRight.y - 130) < 12, JSON.stringify(bottomRight));
  assert.ok(body.tagsResult.values.some((tag) => tag.name === 'text'));
});

test('analyze, nothing in it: no objects, no text, and a caption that claims nothing', async () => {
  const body = await (await service.analyze(await plain(300, 200, '#2244cc'))).json();
  assert.deepEqual([body.objectsResult.values, body.peopleResult.values, body.readResult.blocks], [[], [], []]);
  assert.equal(body.captionResult.text, 'An image, mostly blue.');
});

test('analyze, aspect ratios: one crop each, of that shape, in the picture', async () => {
  const { smartCropsResult, metadata } = await (await service.analyze(await photoOfPeople(), { features: 'smartCrops', 'smartcrops-aspect-ratios': '0.9,1.33' })).json();
  assert.deepEqual(smartCropsResult.values.map((crop) => crop.aspectRatio), [0.9, 1.33]);
  for (const { aspectRatio, boundingBox: { x, y, w, h } } of smartCropsResult.values) {
    assert.ok(Math.abs(w / h - aspectRatio) < 0.05, `${w} x ${h}`);
    assert.ok(x + w <= metadata.width && y + h <= metadata.height);
  }
});

test('analyze, two at once: both are answered alike', async () => {
  const photo = await photoOfPeople();
  const answers = await Promise.all([service.analyze(photo, { features: 'objects' }), service.analyze(photo, { features: 'objects' })]);
  const [first, second] = await Promise.all(answers.map((answer) => answer.json()));
  assert.ok(first.objectsResult.values.length > 0);
  assert.deepEqual(first, second);
});
