import { contentUrl, hasThumbnail, thumbnailUrl } from '../api.js';
import { el, showPlaceholder } from '../dom.js';
import { drawBoxes, found } from './boxes.js';
import { zoomable } from './zoom.js';

const BOXES = 'imageaspire-boxes';
// Formats that browsers show; of others there is a preview of 2,048 pixels.
const SHOWN = ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif', 'image/bmp', 'image/vnd.microsoft.icon'];

// The preview with its boxes and buttons. Returns { node, zoom }; zoom is null without a thumbnail.
export function buildPreview(image) {
  const stage = el('div', { class: 'stage' });
  if (!hasThumbnail(image, 1024)) {
    stage.append(el('p', { class: 'no-preview' }, image.status === 'received' ? 'The preview is being prepared…' : 'There is no preview of this file.'));
    return { node: stage, zoom: null };
  }

  const thumbnail = image.thumbnails.find(one => one.size === 1024);
  const img = el('img', { src: thumbnailUrl(image, 1024), alt: image.analysis?.caption ?? image.name, draggable: 'false',
    width: String(thumbnail.width), height: String(thumbnail.height) });
  showPlaceholder(img, image);
  const sharper = SHOWN.includes(image.contentType) ? contentUrl(image.id) : hasThumbnail(image, 2048) ? thumbnailUrl(image, 2048) : null;
  const shown = el('div', { class: 'shown' }, img, found(image).length > 0 && drawBoxes(image));
  stage.append(shown);
  const level = el('span', { class: 'level', role: 'status' });
  const zoom = zoomable(stage, shown, scale => {
    level.textContent = scale > 1 ? `${Math.round(scale * 100)} %` : '';
    // Beyond the resolution of the thumbnail the original or the preview is loaded.
    const pixels = img.clientWidth * scale * devicePixelRatio;
    if (pixels > thumbnail.width && image.width > thumbnail.width && sharper) sharpen(img, sharper);
  });
  const button = (text, label, onclick) => el('button', { type: 'button', 'aria-label': label, title: label, onclick }, text);
  stage.append(el('div', { class: 'tools' }, level, boxSwitch(image, shown),
    button('−', 'Zoom out (-)', zoom.out), button('+', 'Zoom in (+)', zoom.in), button('⤢', 'Whole image (0)', zoom.reset)));
  return { node: stage, zoom };
}

function sharpen(img, address) {
  if (img.dataset.sharp) return;
  img.dataset.sharp = 'yes';
  const original = new Image();
  original.src = address;
  original.decode().then(() => { img.src = address; }, () => {}); // the thumbnail stays
}

// The switch for the boxes, or nothing when there is nothing to draw.
function boxSwitch(image, shown) {
  const count = found(image).length;
  if (count === 0) return null;
  const toggle = el('input', { type: 'checkbox', checked: localStorage.getItem(BOXES) !== 'off' });
  const show = () => shown.querySelector('.boxes').classList.toggle('off', !toggle.checked);
  toggle.addEventListener('change', () => { localStorage.setItem(BOXES, toggle.checked ? 'on' : 'off'); show(); });
  show();
  return el('label', { class: 'switch' }, toggle, `Show ${count} ${count === 1 ? 'box' : 'boxes'}`);
}
