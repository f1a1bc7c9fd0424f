import { changeImage, getImage } from '../api.js';
import { el } from '../dom.js';
import { report, toast } from '../toasts.js';

// Changes what people may change. After a concurrent change the second user sees a message and the current record, and keeps the typed text.
// apply(image) gets the record as it is now. Answers whether the change was made.
async function change(image, what, apply) {
  try {
    apply(await changeImage(image.id, what, image.version));
    return true;
  } catch (error) {
    if (error.status === 412) {
      toast('This image was changed by another user meanwhile. The current state is shown; please check it and try again.');
      await getImage(image.id).then(apply, report);
    } else {
      report(error);
    }
    return false;
  }
}

// The name, and a form to change it. image() is the record as it is when the button is pressed.
export function buildName(image, apply) {
  const name = el('h2', { id: 'details-name', dir: 'auto' }, image().name);
  const input = el('input', { name: 'name', 'aria-label': 'Name', dir: 'auto', maxlength: '200', required: true, autocomplete: 'off' });
  const form = el('form', { class: 'row rename', hidden: true }, input, el('button', { type: 'submit', class: 'primary' }, 'Save'),
    el('button', { type: 'button', onclick: () => edit(false) }, 'Cancel'));
  const pencil = el('button', { type: 'button', class: 'plain needs-write', 'aria-label': 'Change the name', title: 'Change the name', onclick: () => edit(true) }, '✎');
  function edit(on) {
    form.hidden = !on;
    name.hidden = pencil.hidden = on;
    if (on) { input.value = image().name; input.focus(); input.select(); } else { pencil.focus(); }
  }

  form.addEventListener('submit', async event => {
    event.preventDefault();
    if (await change(image(), { name: input.value }, apply)) edit(false);
  });
  form.addEventListener('keydown', event => { if (event.key === 'Escape') { event.preventDefault(); event.stopPropagation(); edit(false); } });
  return { nodes: [name, pencil, form], show: () => { name.textContent = image().name; } };
}

// Tags of people, which can be taken away; tags of the analyser, with how sure it is; and a form for one more.
export function buildTags(image, apply) {
  const list = el('div', { class: 'tags' });
  const input = el('input', { name: 'tag', placeholder: 'Add a tag', 'aria-label': 'Add a tag', maxlength: '64', list: 'known-tags', autocomplete: 'off' });
  const form = el('form', { class: 'row needs-write' }, input, el('button', { type: 'submit' }, 'Add'));
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const tag = input.value.trim().toLowerCase();
    if (tag && (image().tags.includes(tag) || await change(image(), { tags: [...image().tags, tag] }, apply))) input.value = '';
  });
  const without = tag => change(image(), { tags: image().tags.filter(one => one !== tag) }, apply);
  function show() {
    list.replaceChildren(
      ...image().tags.map(tag => el('span', { class: 'chip own' }, el('span', { dir: 'auto' }, tag),
        el('button', { type: 'button', class: 'needs-write', 'aria-label': `Remove the tag ${tag}`, onclick: () => without(tag) }, '✕'))),
      ...(image().analysis?.tags ?? []).map(tag => el('span', { class: 'chip', title: `found by the analyser, confidence ${percent(tag)}` },
        el('span', { dir: 'auto' }, tag.name), el('span', { class: 'count' }, percent(tag)))));
  }
  show();
  return { nodes: [list, form], show };
}

const percent = tag => `${Math.round(tag.confidence * 100)} %`;
