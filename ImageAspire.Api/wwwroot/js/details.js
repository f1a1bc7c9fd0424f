import { analyzeAgain, contentUrl, deleteImage, getImage, getSettings, thumbnailUrl } from './api.js';
import { boxSwitch, pictureWithBoxes } from './boxes.js';
import { byId, bytes, el, toast } from './dom.js';

let openId = null;
let settings = null;

export const shownId = () => openId;

export async function showDetails(id) {
  openId = id;
  try {
    settings ??= getSettings();
    draw(await getImage(id), await settings);
  } catch (error) {
    toast(error.message);
    close();
    return;
  }
  const dialog = byId('details');
  if (!dialog.open) dialog.showModal();
  if (location.hash !== `#${id}`) history.replaceState(null, '', `#${id}`);
}

export function close() {
  byId('details').close();
}

export function startDetails() {
  const dialog = byId('details');
  dialog.addEventListener('close', () => { openId = null; history.replaceState(null, '', location.pathname + location.search); });
  dialog.addEventListener('click', event => { if (event.target === dialog) close(); });
  // Addresses of an image: /?image=… in links from elsewhere, /#… in the address bar.
  const show = id => { if (/^[0-9a-f-]{36}$/.test(id)) showDetails(id); };
  addEventListener('hashchange', () => show(location.hash.slice(1)));
  const asked = new URLSearchParams(location.search).get('image');
  if (asked) history.replaceState(null, '', location.pathname);
  show(asked ?? location.hash.slice(1));
}

function draw(image, { traceUrl }) {
  const hasPicture = image.thumbnails.some(thumbnail => thumbnail.size === 1024);
  byId('details').replaceChildren(el('div', { class: 'inside' },
    el('div', { class: 'picture' }, hasPicture
      ? pictureWithBoxes(image, el('img', { src: thumbnailUrl(image, 1024), alt: image.analysis?.caption ?? image.name }))
      : el('p', {}, image.status === 'received' ? 'The picture is being prepared…' : 'No preview')),
    el('div', { class: 'facts' },
      el('div', { class: 'top' },
        el('h2', { id: 'details-name' }, image.name),
        el('button', { class: 'plain', 'aria-label': 'Close', onclick: close }, '✕')),
      el('p', { class: `status ${image.status}` }, image.status),
      image.analysis?.caption && el('p', { class: 'sentence' }, image.analysis.caption),
      image.failure && el('p', { class: 'problem' }, `${image.failure.message} (${image.failure.code}, ${image.failure.stage})`),
      hasPicture && boxSwitch(image, () => byId('details')), tags(image), facts(image, traceUrl), actions(image))));
}

function tags(image) {
  const own = image.tags.map(name => el('span', { class: 'chip' }, name));
  const seen = (image.analysis?.tags ?? []).map(tag =>
    el('span', { class: 'chip', title: `confidence ${Math.round(tag.confidence * 100)} %` }, tag.name, el('span', { class: 'count' }, `${Math.round(tag.confidence * 100)} %`)));
  return own.length + seen.length > 0 && el('div', { class: 'tags' }, own, seen);
}

function facts(image, traceUrl) {
  const rows = [];
  const row = (name, value) => { if (value !== undefined && value !== null && value !== '') rows.push(el('dt', {}, name), el('dd', {}, value)); };
  const camera = image.camera ?? {};
  row('Size', image.width && `${image.width} × ${image.height}, ${bytes(image.bytes)}`);
  row('Type', image.contentType + (image.frames > 1 ? `, ${image.frames} frames` : ''));
  row('Uploaded', `${new Date(image.uploadedAt).toLocaleString()} by ${image.uploadedBy}`);
  row('Taken', image.takenAt && new Date(image.takenAt).toLocaleString(undefined, { timeZone: 'UTC' }));
  row('Camera', [camera.make, camera.model, camera.lens].filter(Boolean).join(' '));
  row('Exposure', [camera.fNumber && `f/${camera.fNumber}`, camera.exposureSeconds && exposure(camera.exposureSeconds),
    camera.iso && `ISO ${camera.iso}`, camera.focalLengthMm && `${camera.focalLengthMm} mm`].filter(Boolean).join(', '));
  row('Place', image.location && `${image.location.latitude.toFixed(5)}, ${image.location.longitude.toFixed(5)}`);
  row('Colours', image.colors && swatches(image.colors.dominant));
  row('Objects', counted((image.analysis?.objects ?? []).map(object => object.name)));
  row('People', image.analysis?.people?.length || undefined);
  row('Text', (image.analysis?.text ?? []).map(line => line.text).join(' · '));
  row('Analyzed by', image.analysis && `${image.analysis.provider} (${image.analysis.model})`);
  row('SHA-256', image.sha256);
  row('Trace', image.traceId && trace(image.traceId, traceUrl));
  return el('dl', {}, rows);
}

// The settings were checked at the start of the server: the address is http or https.
const trace = (id, url) => url ? el('a', { href: url.replaceAll('{traceId}', encodeURIComponent(id)), target: '_blank', rel: 'noopener' }, id) : id;

// "car × 3, dog"
function counted(names) {
  const counts = new Map();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => count > 1 ? `${name} × ${count}` : name).join(', ');
}

const exposure = seconds => seconds >= 1 ? `${seconds} s` : `1/${Math.round(1 / seconds)} s`;

function swatches(colors) {
  return el('span', { class: 'swatches' }, colors.map(color => {
    const swatch = el('span', { title: color });
    swatch.style.background = color; // set as a property: the page's policy allows no inline styles
    return swatch;
  }));
}

function actions(image) {
  const again = async () => {
    try { await analyzeAgain(image.id); toast('The analysis runs again.'); } catch (error) { toast(error.message); }
  };
  const remove = async () => {
    if (!confirm(`Delete “${image.name}” for good?`)) return;
    try { await deleteImage(image.id); close(); } catch (error) { toast(error.message); }
  };
  return el('div', { class: 'actions' },
    image.status !== 'rejected' && el('button', { onclick: again }, image.status === 'failed' ? 'Try again' : 'Analyze again'),
    el('a', { class: 'button', href: contentUrl(image.id, true), download: image.name }, 'Download'),
    el('button', { class: 'danger', onclick: remove }, 'Delete'));
}
