import { call } from '/js/api.js';

// What the server tells the pages; they do without when it does not answer.
export const { traceUrl = null } = await call('/gallery.json').catch(() => ({}));
