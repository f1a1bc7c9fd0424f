import { call } from '/js/api.js';

// Settings from the server; the pages work without them.
export const { traceUrl = null, logsUrl = null } = await call('/gallery.json').catch(() => ({}));
