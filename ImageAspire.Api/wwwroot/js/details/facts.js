import { addressOf } from '../address.js';
import { areaAround } from '../area.js';
import { stars } from '../chips.js';
import { bytes, el } from '../dom.js';
import { traceLink } from './trace.js';

// What is known of an image; what is not known is left out. show(filter) lists what is like it.
export function buildFacts(image, show) {
  const rows = [];
  const row = (name, value) => { if (value !== undefined && value !== null && value !== '' && value !== false && value.length !== 0) rows.push(el('dt', {}, name), el('dd', { dir: 'auto' }, value)); };
  const camera = image.camera ?? {};
  const like = (filter, title, text) => el('a', { href: addressOf(filter), title, onclick: event => follow(event, () => show(filter)) }, text);
  row('Size', [image.width && `${image.width} × ${image.height}`, bytes(image.bytes)].filter(Boolean).join(', '));
  row('Type', image.contentType + (image.frames > 1 ? `, ${image.frames} frames` : ''));
  row('Uploaded', `${new Date(image.uploadedAt).toLocaleString()} by ${image.uploadedBy}`);
  row('Archived', image.archivedAt && new Date(image.archivedAt).toLocaleString());
  row('Damaged', image.damaged && damage(image.damaged));
  row('Taken', taken(image));
  row('Title', image.metadata?.title);
  row('Description', image.metadata?.description);
  row('Keywords', image.metadata?.keywords?.join(', '));
  const rating = image.metadata?.rating;
  row('Rating', rating && like({ minRating: String(rating) }, `Show ${stars(rating)}`, '★'.repeat(rating)));
  row('Creator', image.metadata?.creator);
  row('Copyright', image.metadata?.copyright);
  const body = [camera.make, camera.model].filter(Boolean).join(' ');
  row('Camera', [body && like({ camera: body }, 'Show images of this camera', body), camera.lens && ` ${camera.lens}`].filter(Boolean));
  row('Exposure', [camera.fNumber && `f/${camera.fNumber}`, camera.exposureSeconds && exposure(camera.exposureSeconds),
    camera.iso && `ISO ${camera.iso}`, camera.focalLengthMm && `${camera.focalLengthMm} mm`].filter(Boolean).join(', '));
  row('Place', image.location && like({ bbox: areaAround(image.location) }, 'Show images taken within about a kilometre', place(image.location)));
  row('Colours', image.colors && swatches(image.colors.dominant));
  row('Objects', counted((image.analysis?.objects ?? []).map(object => object.name)));
  row('People', image.analysis?.people?.length || undefined);
  row('Text', lines(image.analysis?.text ?? []));
  row('Analyzed by', image.analysis && `${image.analysis.provider} (${image.analysis.model})`);
  row('SHA-256', el('code', {}, image.sha256));
  row('Trace', traceLink(image.traceId));
  return el('dl', {}, rows);
}

// A click that means "here"; with a key or another button it is the browser's.
export function follow(event, here) {
  if (event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  here();
}

// The clock where the photo was taken, and what it was ahead of UTC when that is known.
function taken({ takenAtLocal, takenAt }) {
  const clock = takenAtLocal ?? takenAt?.slice(0, 19);
  if (!clock) return undefined;
  const offset = takenAtLocal && takenAt?.match(/([+-]\d\d:\d\d)$/)?.[1];
  return new Date(`${clock}Z`).toLocaleString(undefined, { timeZone: 'UTC' }) + (offset ? ` (UTC${offset})` : '');
}

function damage({ reason, missing }) {
  const what = reason === 'truncated' ? 'The file ends early' : 'A part of the file is corrupt';
  return missing === undefined ? what : `${what}: ${Math.max(1, Math.round(missing * 100))} % of the picture is missing`;
}

// "car × 3, dog"
function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => count > 1 ? `${name} × ${count}` : name).join(', ');
}

const exposure = seconds => seconds >= 1 ? `${seconds} s` : `1/${Math.round(1 / seconds)} s`;

const place = ({ latitude, longitude, altitudeMeters }) =>
  `${latitude.toFixed(5)}, ${longitude.toFixed(5)}${altitudeMeters === undefined ? '' : `, ${Math.round(altitudeMeters)} m`}`;

const lines = text => text.length > 0 && el('ul', { class: 'lines' }, text.map(line =>
  el('li', { dir: 'auto', title: `${Math.round(line.confidence * 100)} %` }, line.text)));

function swatches(colors) {
  return el('span', { class: 'swatches' }, colors.map(color => {
    const swatch = el('span', { title: color, role: 'img', 'aria-label': color });
    swatch.style.background = color; // set as a property: the page's policy allows no inline styles
    return swatch;
  }));
}
