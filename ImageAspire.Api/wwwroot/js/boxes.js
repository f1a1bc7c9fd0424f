import { el } from './dom.js';

const remembered = 'imageaspire-boxes';
const shown = () => localStorage.getItem(remembered) !== 'off';

// What the analyser found and where, in pixels of the upright original. People are drawn once, though analysers may name them among the objects too.
function found(image) {
  const { objects = [], people = [], text = [] } = image.analysis ?? {};
  const one = (kind, name, item) => ({ kind, name, confidence: item.confidence, box: item.box });
  return [
    ...objects.filter(item => people.length === 0 || item.name !== 'person').map(item => one('object', item.name, item)),
    ...people.map(item => one('person', 'person', item)),
    ...text.map(item => one('text', item.text, item)),
  ];
}

// The picture with boxes over it. The drawing has the original's size and is stretched over the thumbnail, which has the same shape.
export function pictureWithBoxes(image, picture) {
  const marks = found(image);
  if (!image.width || !image.height || marks.length === 0) return picture;
  const drawing = svg('svg', { class: 'boxes', viewBox: `0 0 ${image.width} ${image.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    marks.map(mark => drawn(mark, image)));
  drawing.classList.toggle('off', !shown());
  return el('div', { class: 'shown' }, picture, drawing);
}

// The switch for them, or nothing when there is nothing to draw.
export function boxSwitch(image, root) {
  const count = found(image).length;
  if (!image.width || !image.height || count === 0) return null;
  const toggle = el('input', { type: 'checkbox', checked: shown() });
  toggle.addEventListener('change', () => {
    localStorage.setItem(remembered, toggle.checked ? 'on' : 'off');
    root().querySelector('.boxes')?.classList.toggle('off', !toggle.checked);
  });
  return el('label', { class: 'switch' }, toggle, `Show ${count} ${count === 1 ? 'box' : 'boxes'}`);
}

function drawn({ kind, name, confidence, box }, image) {
  const size = Math.max(image.width, image.height) / 36;
  const title = svg('title');
  title.textContent = `${name}, ${Math.round(confidence * 100)} %`;
  const parts = [title, svg('rect', { x: box.x, y: box.y, width: box.width, height: box.height })];
  if (kind !== 'text') { // a line of text is its own label
    const label = svg('text', { x: box.x + size / 4, y: box.y > size * 1.2 ? box.y - size / 4 : box.y + size, 'font-size': size });
    label.textContent = name;
    parts.push(label);
  }
  return svg('g', { class: kind }, parts);
}

function svg(tag, props = {}, children = []) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}
