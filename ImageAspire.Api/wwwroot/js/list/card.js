import { hasThumbnail, thumbnailUrl } from '../api.js';
import { el, showPlaceholder } from '../dom.js';

// Two separate facts: the bytes are stored, and they were analyzed.
const STATES = {
  received: 'received · inspecting', inspected: 'received · analyzing', analyzed: 'analyzed', rejected: 'rejected', failed: 'failed',
};

// Why it is in the list, when that is not seen.
const LIKE = { duplicate: () => 'near-duplicate', alike: ({ score }) => `${Math.round(score * 100)} % alike`, meaning: () => 'by meaning' };

export function buildCard(image) {
  const frame = el('div', { class: 'frame' }, thumbnail(image), el('span', { class: 'check', 'aria-hidden': 'true' }));
  showPlaceholder(frame, image);
  return el('li', { class: 'card', id: `card-${image.id}`, role: 'option', 'data-id': image.id, 'data-status': image.status }, frame,
    el('div', { class: 'text' },
      el('span', { class: 'name', dir: 'auto', title: image.name }, image.name),
      image.like && el('span', { class: 'like' }, LIKE[image.like.why]?.(image.like)),
      el('span', { class: `status ${image.status}` }, STATES[image.status] ?? image.status,
        image.damaged && el('span', { class: 'damaged', title: 'Not all of the picture could be decoded' }, 'damaged'), image.archivedAt && el('span', { class: 'archived' }, 'archived')),
      el('span', { class: 'caption', dir: 'auto' }, image.failure?.message ?? image.analysis?.caption ?? '')));
}

// A place for a record that is being read.
export const buildGap = () => el('li', { class: 'card gap', role: 'presentation' }, el('div', { class: 'frame' }), el('div', { class: 'text' }));

function thumbnail(image) {
  if (!hasThumbnail(image, 256)) return el('span', { class: 'no-preview' }, image.status === 'received' ? 'Preparing…' : 'No preview');
  const img = el('img', { src: thumbnailUrl(image, 256), alt: '', decoding: 'async', draggable: 'false' });
  img.addEventListener('load', () => img.classList.add('here'), { once: true });
  return img;
}
