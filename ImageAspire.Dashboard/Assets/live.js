// Makes the pages pleasant. Every page works without it: what it does, a reload, a link or a form does too.
import { connected, interval, patience, signIn, sleep } from './connection.js';
import { morph } from './morph.js';
import './keys.js';
import './console.js';
import './telemetry.js';

const root = document.documentElement;
let etag = root.dataset.etag ?? '';
let running = false, navigation = 0, live = null;

root.classList.add('scripted-page');

// 1. What is marked data-live is kept fresh, while somebody looks. One question at a time.
async function keepFresh() {
  if (running) return;
  running = true;
  while (!document.hidden) {
    if (document.querySelector('[data-live]')) await refresh();
    await sleep(interval());
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

// 2. Links and forms in data-nav change the page without loading it anew.
async function go(address, { replace = false, push = true, body } = {}) {
  const mine = ++navigation;
  live?.abort();
  root.classList.add('going');
  try {
    const response = await fetch(address, {
      method: body ? 'POST' : 'GET', body, headers: { 'X-Live': 'page' }, cache: 'no-store', signal: AbortSignal.timeout(patience),
    });
    if (mine !== navigation) return;
    if (response.status === 401) return signIn();
    if (!(response.headers.get('Content-Type') ?? '').startsWith('text/html')) return location.assign(body ? location.href : address);
    const page = parse(await response.text());
    if (mine !== navigation) return;
    const from = location.pathname;
    if (push && response.url !== location.href) history[replace ? 'replaceState' : 'pushState'](null, '', response.url);
    document.title = page.title;
    morph(document.body, page.body, true);
    if (push && location.pathname !== from) scrollTo(0, 0);
    etag = response.headers.get('ETag') ?? '';
    connected(true);
    document.dispatchEvent(new Event('page-refreshed'));
  } catch {
    if (mine !== navigation) return;
    if (body) connected(false); // nothing is sent twice
    else location.assign(address); // the browser says best what is wrong
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
const commands = form => form.method === 'post' && form.closest('[data-nav]');

function submit(form, submitter, replace) {
  const address = new URL(form.action || location.href);
  address.search = '';
  // What is empty is left out: addresses are for people, too.
  for (const [name, value] of new FormData(form, submitter)) if (value !== '') address.searchParams.append(name, value);
  go(address.href, { replace });
}

document.addEventListener('submit', event => {
  if (event.defaultPrevented) return;
  if (commands(event.target)) {
    event.preventDefault();
    go(event.submitter?.formAction || event.target.action, { body: new URLSearchParams(new FormData(event.target, event.submitter)) });
    return;
  }
  if (!navigates(event.target)) return;
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
