import { el } from '/js/dom.js';
import { callsPanel } from './calls.js';
import { logsUrl } from './settings.js';
import { age, asSentence, clock, fill, when } from './show.js';

// What each dependency is to the services.
const NEEDS = {
  documents: ['Documents', 'the records of images'], blobs: ['Blobs', 'the bytes of images'], topic: ['Topic', 'the events between the services'],
  space: ['Space', 'room on the disk for more'], vision: ['Vision service', 'says what is in an image'],
};

const SERVICES = { api: 'receives and serves images', worker: 'inspects and analyzes images' };

const STATES = {
  running: ['good', 'sends a heartbeat every 5 s'], stopped: ['', 'it was asked to'],
  gone: ['bad', 'no heartbeat for more than 20 s: it died, hangs, or cannot write to the store'],
};

export const nameOf = dependency => NEEDS[dependency]?.[0] ?? dependency;

// Who is there: the processes by their heartbeats, and what they need, each with its state and since when.
export function servicesPanel(root) {
  const needs = el('ul', { class: 'rows chips' });
  const processes = el('ul', { class: 'rows' });
  const hint = el('p', { class: 'bad', hidden: true }, 'The store of heartbeats does not answer: only this Api is shown, and what it sees.');
  root.append(el('h3', { class: 'between' }, 'Services'),
    el('section', { class: 'services', 'aria-label': 'Services', 'data-name': 'services' }, hint, needs, processes));
  const calls = callsPanel(root);
  return services => {
    hint.hidden = services.complete;
    calls(services.calls);
    fill(needs, services.dependencies, one => one.name, need);
    const now = Date.now();
    // Its age is part of what is shown, in steps: a row that did not change is left alone.
    fill(processes, services.items.map(one => ({ ...one, heard: age(Math.max(0, now - Date.parse(one.lastHeartbeatAt)) / 1000) })), one => one.id, process);
  };
}

function need(one) {
  const [name, what] = NEEDS[one.name] ?? [one.name, ''];
  const away = one.state !== 'available';
  return el('li', { class: 'row', 'data-name': one.name },
    el('div', { class: 'row-head' }, el('strong', {}, name), el('span', { class: `pill ${away ? 'bad' : 'good'}` }, one.state), el('span', { class: 'soft' }, 'since ', when(one.since))),
    el('p', { class: 'soft' }, what),
    away && el('p', { class: 'bad' }, `${asSentence(one.reason ?? 'it does not answer')} Seen by ${one.lostBy.join(', ')}.`));
}

// The settings were checked at the start of the server: the address is http or https.
const logsOf = name => logsUrl && el('a', { href: logsUrl.replaceAll('{service}', encodeURIComponent(name)), target: '_blank', rel: 'noopener' }, 'Logs');

function process(one) {
  const [kind, why] = STATES[one.state] ?? ['', ''];
  const away = one.state === 'running' ? one.dependencies.filter(need => need.state !== 'available') : [];
  return el('li', { class: 'row', 'data-name': one.name },
    el('div', { class: 'row-head' }, el('strong', {}, one.name), el('span', { class: `pill ${kind}` }, one.state), el('span', { class: 'soft' }, 'since ', when(one.since), ` · ${why}`), logsOf(one.name)),
    el('p', { class: 'soft' }, `${one.service}: ${SERVICES[one.service] ?? ''} · version ${one.version} · process ${one.processId} on ${one.host} · last heartbeat ${one.heard} ago`),
    away.length > 0 && el('p', { class: 'bad' }, `Does not reach: ${away.map(need => `${nameOf(need.name)} (since ${clock(need.since)})`).join(', ')}`));
}
