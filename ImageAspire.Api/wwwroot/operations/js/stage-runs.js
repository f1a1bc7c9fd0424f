import { call } from '/js/api.js';
import { el, toast } from '/js/dom.js';
import { ask, busy } from './ask.js';
import { number } from './show.js';

// "Run missing" and "run all" of the stages that work on one image each, with the progress of the last one.
export function stageRuns(cards) {
  const made = { changed: () => {}, update };
  const shown = new Map();

  function update(stages) {
    for (const stage of stages.filter(one => one.reprocessable)) {
      if (!shown.has(stage.name)) shown.set(stage.name, buttons(stage, cards.get(stage.name)));
      shown.get(stage.name)(stage.run);
    }
  }

  function buttons(stage, card) {
    const missing = el('button', { title: 'Sends the images that lack the result of this stage to it, also those where it failed' }, 'Run missing');
    const all = el('button', { title: 'Sends every image that is not rejected to this stage once more' }, 'Run all');
    const cancel = el('button', { class: 'plain' }, 'Stop');
    const progress = el('progress', { max: 1, value: 0, 'aria-label': `Progress of ${stage.stage}` });
    const summary = el('p', { class: 'soft' });
    card.actions.append(missing, all, el('p', { class: 'soft' }, 'Missing: images without its result. All: every image, once more.'));
    missing.addEventListener('click', () => busy(missing, () => start(stage, 'missing')));
    all.addEventListener('click', () => busy(all, () => start(stage, 'all')));
    cancel.addEventListener('click', () => busy(cancel, async () => {
      await call(`/api/operations/stages/${stage.name}/run`, { method: 'DELETE' });
      made.changed();
    }));
    return run => {
      const active = run?.state === 'running';
      missing.disabled = all.disabled = active;
      if (!run) { card.runs.replaceChildren(); return; }
      progress.value = run.total > 0 ? Math.min(1, run.examined / run.total) : 1;
      summary.textContent = words(run);
      const wanted = active ? [progress, cancel, summary] : [summary];
      if (card.runs.children.length !== wanted.length) card.runs.replaceChildren(...wanted);
    };
  }

  async function start(stage, what) {
    const yes = await ask(what === 'missing'
      ? { title: `Run ${stage.stage} where it is missing?`, action: 'Run missing',
          text: 'Images without a result of this stage, among them those where it failed, are sent to it again. Others are left alone.' }
      : { title: `Run ${stage.stage} for all images?`, action: 'Run all', danger: true,
          text: 'Every image that is not rejected is sent to this stage again. That is work, and with a paid analyser money, for each of them.' });
    if (!yes) return;
    await call(`/api/operations/stages/${stage.name}/run-${what}`, { method: 'POST' });
    toast('It runs in the background; this page shows its progress.');
    made.changed();
  }
  return made;
}

function words(run) {
  const what = run.kind === 'all' ? 'Run all' : 'Run missing';
  const did = `${number(run.examined)} of about ${number(run.total)} examined, ${number(run.sent)} sent`;
  if (run.state === 'running') return `${what}: ${did}${run.waiting ? '; waits until the stage has caught up' : ''}.`;
  const end = run.state === 'cancelled' ? 'stopped' : 'ended';
  return `${what} ${end} ${new Date(run.updatedAt).toLocaleString()}: ${number(run.examined)} examined, ${number(run.sent)} sent.`;
}
