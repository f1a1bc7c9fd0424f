import { settings } from '../settings.js';
import { el } from '../dom.js';

// Links to a trace when the server is configured with a dashboard; otherwise shows the id as text.
export function traceLink(traceId, text = traceId) {
  if (!traceId) return null;
  const template = settings().traceUrl ?? '';
  return /^https?:\/\//.test(template) && template.includes('{traceId}')
    ? el('a', { class: 'trace', href: template.replace('{traceId}', encodeURIComponent(traceId)), target: '_blank', rel: 'noopener' }, text)
    : el('code', { class: 'trace' }, traceId);
}
