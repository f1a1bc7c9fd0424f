import { call } from '/js/api.js';
import { el } from '/js/dom.js';
import { ask, busy } from './ask.js';
import { number } from './show.js';

const MISSING = 'missing-entries';
const RECOMPUTED = 'recomputed-chain';

// The end of the hash chain, and a button that has all of it verified.
export function chain() {
  const head = el('code');
  const result = el('p', { role: 'status' });
  const verify = el('button', { onclick: () => busy(verify, start) }, 'Verify the chain');
  const section = el('section', { class: 'row', 'aria-label': 'Hash chain' },
    el('p', {}, 'Head ', head),
    el('p', { class: 'soft' }, 'Each entry has the hash of the one before it. Note a head elsewhere: with it a verification finds every later change of what came before.'),
    el('div', { class: 'actions' }, verify), result);
  return { section, show: one => { if (head.textContent !== text(one)) head.textContent = text(one); } };

  async function start() {
    const answer = await ask({ title: 'Verify the audit log?', text: 'Every entry is read.', action: 'Verify',
      fields: [{ name: 'head', label: 'An earlier head, if you noted one', max: 90 }] });
    if (!answer) return;
    const earlier = answer.head.trim();
    result.textContent = 'Verifying…';
    try {
      const found = await call(`/api/audit/verify${earlier && `?head=${encodeURIComponent(earlier)}`}`, { method: 'POST' });
      result.textContent = found.intact ? intact(found, earlier) : broken(found);
    } catch (error) {
      result.textContent = '';
      throw error;
    }
  }
}

const text = head => `${head.number}:${head.hash}`;

function intact({ head, unchained }, earlier) {
  const before = unchained > 0 ? ` ${number(unchained)} earlier entries are not in it.` : '';
  return `The chain of ${number(head.number)} entries is unbroken${earlier ? ' and contains the earlier head' : ''}.${before}`;
}

function broken({ breaks, breakCount }) {
  const more = breakCount > breaks.length ? `; and ${number(breakCount - breaks.length)} more` : '';
  return `The audit log was changed: ${breaks.map(words).join('; ')}${more}.`;
}

function words({ kind, from, to }) {
  if (kind === MISSING) return from === to ? `entry ${from} is missing` : `entries ${from} to ${to} are missing`;
  if (kind === RECOMPUTED) return `entry ${from} is not the one of the earlier head`;
  return `entry ${from}, or the hash before it, was changed`;
}
