// Whether the dashboard answers, and what to do when it does not: told to the reader, asked again after a while, at most 5 s.
const root = document.documentElement;
let failures = 0;

export function connected(yes) {
  failures = yes ? 0 : failures + 1;
  const text = failures > 1 ? 'Reconnecting…' : '';
  const place = document.getElementById('connection');
  if (place && place.textContent !== text) place.textContent = text;
  root.classList.toggle('lost', failures > 1);
}

/** How long to wait before the next question, in milliseconds. */
export const interval = () => Math.min(1000 * 2 ** Math.min(failures, 3), 5000);

export const sleep = ms => new Promise(done => setTimeout(done, ms));

/** An answer takes this long at most, in milliseconds; only one is waited for at a time. */
export const patience = 20_000;

/** Goes to the sign-in page, and back to here after it. */
export function signIn() {
  location.assign('/login?returnUrl=' + encodeURIComponent(location.pathname + location.search));
}
