// What the analyser found and where, in pixels of the upright original. People are drawn once, though analysers may name them among the objects too.
export function found(image) {
  if (!image.width || !image.height) return [];
  const { objects = [], people = [], text = [] } = image.analysis ?? {};
  const one = (kind, name, item) => ({ kind, name, confidence: item.confidence, box: item.box });
  return [
    ...objects.filter(item => people.length === 0 || item.name !== 'person').map(item => one('object', item.name, item)),
    ...people.map(item => one('person', 'person', item)),
    ...text.map(item => one('text', item.text, item)),
  ];
}

// The drawing has the original's size and is stretched over the image, which has the same shape.
export function drawBoxes(image) {
  return svg('svg', { class: 'boxes', viewBox: `0 0 ${image.width} ${image.height}`, preserveAspectRatio: 'none', 'aria-hidden': 'true' },
    found(image).map(mark => drawn(mark, image)));
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
