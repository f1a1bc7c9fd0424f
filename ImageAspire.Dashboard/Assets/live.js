// Makes the pages pleasant. Every page works without it: what it does, a reload, a link or a form does too.
import { morph } from './morph.js';
import './keys.js';
import './console.js';

const interval = 1000, longestWait = 5000, patience = 20_000;
const root = document.documentElement;
let etag = root.dataset.etag ?? '';
let running = false, navigation = 0, live = null, failures = 0;

root.classList.add('scripted-page');

const sleep = ms => new Promise(done => setTimeout(done, ms));

/** Says whether the dashboard answers; other scripts tell it too. */
export function connected(yes) {
  failures = yes ? 0 : failures + 1;
  const text = failures > 1 ? 'Reconnecting…' : '';
  const place = document.getElementById('connection');
  if (place && place.textContent !== text) place.textContent = text;
  root.classList.toggle('lost', failures > 1);
}

/** How long to wait before asking again. */
export const pause = () => Math.min(interval * 2 ** Math.min(failures, 3), longestWait);

/** Goes to the sign-in page, and back to here after it. */
export function signIn() {
  location.assign('/login?returnUrl=' + encodeURIComponent(location.pathname + location.search));
}

// 1. What is marked data-live is kept fresh, while somebody looks. One question at a time.
async function keepFresh() {
  if (running) return;
  running = true;
  while (!document.hidden) {
    if (document.querySelector('[data-live]')) await refresh();
    await sleep(pause());
  }
  running = false;
}

async function refresh() {
  const [asked, address] = [navigation, location.href];
  live = new AbortController();
  try {
    const response = await fetch(address, {
      headers: { 'X-Live': '1', ...(etag && { 'If-None-Match': etag }) }, cache: 'no-store',
      signal: AbortSignal.any([live.signal, AbortSignal.timeout(patience)]),
    });
    if (response.status === 401) return signIn();
    if (response.status === 304) return connected(true);
    if (!response.ok && response.status !== 404) throw new Error(response.statusText);
    const page = parse(await response.text());
    if (asked !== navigation) return; // somebody went on meanwhile
    for (const now of document.querySelectorAll('[data-live][id]')) {
      const next = page.getElementById(now.id);
      if (next) morph(now, next);
    }
    etag = response.headers.get('ETag') ?? '';
    connected(true);
    document.dispatchEvent(new Event('page-refreshed'));
  } catch (error) {
    if (asked === navigation) connected(false);
  }
}

const parse = html => new DOMParser().parseFromString(html, 'text/html');

// 2. Links and GET forms in data-nav change the page without loading it anew.
async function go(address, { replace = false, push = true } = {}) {
  const mine = ++navigation;
  live?.abort();
  root.classList.add('going');
  try {
    const response = await fetch(address, { headers: { 'X-Live': '1' }, cache: 'no-store', signal: AbortSignal.timeout(patience) });
    if (mine !== navigation) return;
    if (response.status === 401 || !(response.headers.get('Content-Type') ?? '').startsWith('text/html')) return location.assign(address);
    const page = parse(await response.text());
    if (mine !== navigation) return;
    if (push) history[replace ? 'replaceState' : 'pushState'](null, '', address);
    const samePage = document.title === page.title;
    document.title = page.title;
    morph(document.body, page.body, true);
    if (push && !samePage) scrollTo(0, 0);
    etag = response.headers.get('ETag') ?? '';
    connected(true);
    document.dispatchEvent(new Event('page-refreshed'));
  } catch {
    if (mine === navigation) location.assign(address); // the browser says best what is wrong
  } finally {
    if (mine === navigation) root.classList.remove('going');
  }
}

document.addEventListener('click', event => {
  const link = event.target.closest?.('a[href]');
  if (!link || !link.closest('[data-nav]') || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const address = new URL(link.href);
  if (address.origin !== location.origin || link.target || link.hasAttribute('download')) return;
  event.preventDefault();
  go(address.href);
});

const navigates = form => form?.method === 'get' && form.closest('[data-nav]');

function submit(form, submitter, replace) {
  const address = new URL(form.action || location.href);
  address.search = '';
  // What is empty is left out: addresses are for people, too.
  for (const [name, value] of new FormData(form, submitter)) if (value !== '') address.searchParams.append(name, value);
  go(address.href, { replace });
}

document.addEventListener('submit', event => {
  if (!navigates(event.target) || event.defaultPrevented) return;
  event.preventDefault();
  clearTimeout(typing);
  submit(event.target, event.submitter, false);
});

let typing = 0;
document.addEventListener('input', event => {
  const form = event.target.form;
  if (!navigates(form)) return;
  clearTimeout(typing);
  const isText = event.target.matches('input:not([type=checkbox],[type=radio])');
  typing = setTimeout(() => submit(form, undefined, isText), isText ? 300 : 0);
});

addEventListener('popstate', () => go(location.href, { push: false }));
document.addEventListener('visibilitychange', keepFresh);
keepFresh();
