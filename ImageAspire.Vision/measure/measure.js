// Measures what the detector finds in photographs with known content: measure/fetch.sh first, then node measure/measure.js [LEAST_CONFIDENCE].
// A class counts once for each photo: found or not. Classes that a person could argue about are left out for that photo ("ignore").
import fs from 'node:fs/promises';
import { decode } from '../src/engine/decode.js';
import { Detector } from '../src/engine/detect.js';
import { thresholdOf } from '../src/engine/thresholds.js';

const photos = JSON.parse(await fs.readFile(new URL('photos.json', import.meta.url), 'utf8'));
const least = process.argv[2] ? Number(process.argv[2]) : undefined;
const detector = await Detector.load();
/** @type {Map<string, { right: number, wrong: number, missed: number }>} */
const classes = new Map();
const countOf = (name) => classes.get(name) ?? classes.set(name, { right: 0, wrong: 0, missed: 0 }).get(name);
let looked = 0;
const group = { scenes: { right: 0, wrong: 0, missed: 0, photos: 0 }, stamps: { right: 0, wrong: 0, missed: 0, photos: 0 } };

for (const { file, has, ignore } of photos) {
  const bytes = await fs.readFile(new URL(`photos/${file}`, import.meta.url));
  const found = await decode(bytes, 1024).then((picture) => detector.detect(picture.shown, least === undefined ? thresholdOf : () => least), (error) => {
    if (error.inner === 'InvalidImageSize') return null; // smaller than the service takes
    throw error;
  });
  if (found === null) continue;
  looked++;
  const kind = group[file.startsWith('tuxpaint') ? 'stamps' : 'scenes'];
  kind.photos++;
  const names = new Set(found.map((one) => one.name));
  const add = (name, result) => {
    countOf(name)[result]++;
    kind[result]++;
  };
  for (const name of has) add(name, names.has(name) ? 'right' : 'missed');
  for (const name of names) {
    if (!has.includes(name) && !ignore.includes(name)) add(name, 'wrong');
  }
}

const share = (part, whole) => (whole === 0 ? '–' : (part / whole).toFixed(2));
const row = (name, { right, wrong, missed }) => `| ${name} | ${right + missed} | ${right} | ${wrong} | ${share(right, right + wrong)} | ${share(right, right + missed)} |`;
const sum = (list) => list.reduce((a, b) => ({ right: a.right + b.right, wrong: a.wrong + b.wrong, missed: a.missed + b.missed }), { right: 0, wrong: 0, missed: 0 });
console.log(`${looked} photographs\n\n| class | in photos | found | wrong | precision | recall |\n|---|---|---|---|---|---|`);
for (const [name, count] of [...classes].sort((a, b) => b[1].right + b[1].missed - a[1].right - a[1].missed || a[0].localeCompare(b[0]))) console.log(row(name, count));
for (const [name, count] of Object.entries(group)) console.log(row(`**${name}** (${count.photos} photos)`, count));
console.log(row('**all**', sum([...classes.values()])));
