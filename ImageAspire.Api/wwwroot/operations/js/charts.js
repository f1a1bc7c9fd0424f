import { el } from '/js/dom.js';

// Small drawings in SVG. Every text is set as text; every drawing has a title for those who cannot see it.
function svg(tag, props = {}, ...children) {
  const node = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [key, value] of Object.entries(props)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

function titled(text) {
  const title = svg('title');
  title.textContent = text;
  return title;
}

export function sparkline(values) {
  const most = Math.max(1, ...values);
  const step = 100 / Math.max(1, values.length - 1);
  const points = values.map((value, at) => `${(at * step).toFixed(1)},${(23 - value / most * 22).toFixed(1)}`).join(' ');
  return svg('svg', { viewBox: '0 0 100 24', preserveAspectRatio: 'none', class: 'spark' }, svg('polyline', { points }));
}

const WIDTH = 640;
const HEIGHT = 200;
const LEFT = 72;
const BOTTOM = 26;
const TOP = 10;
const RIGHT = 26;

// Round steps of 1, 2 or 5, so that the lines can be read.
function scale(most) {
  const raw = Math.max(most, 1e-9) / 4;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = [1, 2, 5, 10].map(factor => factor * power).find(one => one >= raw);
  const top = Math.ceil(most / step) * step || step;
  return { top, lines: Array.from({ length: Math.round(top / step) + 1 }, (_, at) => at * step) };
}

function frame(label, days, most, text) {
  const { top, lines } = scale(most);
  const y = value => TOP + (HEIGHT - TOP - BOTTOM) * (1 - value / top);
  const slot = (WIDTH - LEFT - RIGHT) / Math.max(1, days.length);
  const x = at => LEFT + slot * at;
  const chart = svg('svg', { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, class: 'chart', role: 'img', 'aria-label': label }, titled(label));
  for (const value of lines) {
    const caption = svg('text', { x: LEFT - 6, y: y(value) + 4, class: 'axis end' });
    caption.textContent = text(value);
    chart.append(svg('line', { x1: LEFT, x2: WIDTH - RIGHT, y1: y(value), y2: y(value), class: 'grid-line' }), caption);
  }
  const every = Math.ceil(days.length / 6);
  days.forEach((day, at) => {
    if ((days.length - 1 - at) % every !== 0) return;
    const caption = svg('text', { x: x(at) + slot / 2, y: HEIGHT - 6, class: 'axis middle' });
    caption.textContent = day.slice(5);
    chart.append(caption);
  });
  return { chart, x, y, slot };
}

// One bar a day. values: a number for each day.
export function bars(label, days, values, text) {
  const { chart, x, y, slot } = frame(label, days, Math.max(0, ...values), text);
  values.forEach((value, at) => chart.append(svg('rect', {
    x: x(at) + slot * 0.12, width: Math.max(1, slot * 0.76), y: y(value), height: Math.max(0, y(0) - y(value)), class: 'bar-1',
  }, titled(`${days[at]}: ${text(value)}`))));
  return chart;
}

// Lines over the days; a day without a value (null) interrupts its line.
export function lines(label, days, series, text) {
  const most = Math.max(0, ...series.flatMap(one => one.values.map(value => value ?? 0)));
  const { chart, x, y, slot } = frame(label, days, most, text);
  series.forEach((one, index) => {
    let path = '';
    one.values.forEach((value, at) => {
      if (value === null) return;
      path += `${at > 0 && one.values[at - 1] !== null ? 'L' : 'M'}${(x(at) + slot / 2).toFixed(1)},${y(value).toFixed(1)}`;
      chart.append(svg('circle', { cx: x(at) + slot / 2, cy: y(value), r: 3, class: `dot-${index + 1}` },
        titled(`${days[at]}, ${one.name}: ${text(value)}`)));
    });
    if (path) chart.append(svg('path', { d: path, class: `line-${index + 1}` }));
  });
  return chart;
}

// The most frequent first, with the figure beside the bar. items: [name, count]
export function ranking(items, text) {
  const most = Math.max(1, ...items.map(([, count]) => count));
  return el('ol', { class: 'ranking' }, items.map(([name, count]) => el('li', {},
    el('span', { class: 'name', title: name }, name),
    el('progress', { max: most, value: count, 'aria-hidden': 'true' }), el('span', { class: 'value' }, text(count)))));
}
