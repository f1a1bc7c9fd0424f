import { settings } from '../settings.js';
import { el } from '../dom.js';

// Links to a trace where the server says traces are shown; else the id is text, to be looked for by hand.
export function traceLink(traceId, text = traceId) {
  if (!traceId) return null;
  const template = settings().traceUrl ?? '';
  return /^https?:\/\//.test(template) && template.includes('{traceId}')
    ? el('a', { class: 'trace', href: template.replace('{traceId}', encodeURIComponent(traceId)), target: '_blank', rel: 'noopener' }, text)
    : el('code', { class: 'trace' }, traceId);
}
