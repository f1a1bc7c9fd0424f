// Builds elements. Text always goes in as text: names, tags and captions are data from strangers, never markup.
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props)) {
    if (value === undefined || value === null || value === false) continue;
    if (key.startsWith('on')) node.addEventListener(key.slice(2), value);
    else if (key === 'class') node.className = value;
    else if (key in node && typeof value !== 'string') node[key] = value;
    else node.setAttribute(key, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== undefined && child !== null && child !== false));
  return node;
}

// Pages outside of the gallery take it from here.
export { toast } from './toasts.js';

export const byId = id => document.getElementById(id);

export function bytes(count) {
  if (count < 1024) return `${count} B`;
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = count, unit = -1;
  while (value >= 1024 && unit < units.length - 1) { value /= 1024; unit++; }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}

export const plural = (count, one, many = `${one}s`) => `${count.toLocaleString()} ${count === 1 ? one : many}`;

// "85 ms", "1.2 s", "3 min 5 s"
export function duration(milliseconds) {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`;
  const seconds = milliseconds / 1000;
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60 ? `${minutes} min ${Math.round(seconds % 60)} s` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

// Only what our own inspection makes: nothing else becomes part of a style.
const PLACEHOLDER = /^data:image\/(webp|jpeg|png);base64,[A-Za-z0-9+/=]+$/;

export function showPlaceholder(node, image) {
  if (PLACEHOLDER.test(image.placeholder ?? '')) node.style.backgroundImage = `url("${image.placeholder}")`;
  else if (/^#[0-9a-f]{6}$/i.test(image.colors?.dominant?.[0] ?? '')) node.style.backgroundColor = image.colors.dominant[0];
}
