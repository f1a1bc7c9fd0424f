// What a page shows is in its address and nowhere else: it can be shared, and "back" works.
const listeners = [];

export const state = () => Object.fromEntries(new URLSearchParams(location.search));

// An address of these pages; empty values are left out.
export function address(view, values = {}) {
  const query = new URLSearchParams();
  if (view && view !== 'flow') query.set('view', view);
  for (const [key, value] of Object.entries(values)) if (value) query.set(key, value);
  return `/operations/${query.size > 0 ? `?${query}` : ''}`;
}

export function change(url) {
  const to = new URL(url, location.href);
  if (to.href !== location.href) history.pushState(null, '', to);
  for (const listener of listeners) listener();
}

export function onChange(listener) {
  listeners.push(listener);
  addEventListener('popstate', listener);
}
