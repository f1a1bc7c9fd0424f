// Makes one element equal to another with as few changes as it takes: what stays keeps its focus, scroll position, selection, and what
// somebody has opened or is typing.

const keyOf = node => node.nodeType === Node.ELEMENT_NODE ? node.id || node.dataset.key || '' : '';

const fits = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && keyOf(a) === keyOf(b);

// `follow`: who sits in front of it went to another address, so form fields take the values of the new page; else they keep theirs.
export function morph(from, to, follow = false) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.data !== to.data) from.data = to.data;
    return;
  }
  if (from.hasAttribute('data-keep') || (!follow && from.isEqualNode(to))) return;
  attributes(from, to);
  children(from, to, follow);
  if (follow && from !== document.activeElement) value(from, to);
}

function attributes(from, to) {
  // Whether it is open is the business of who sits in front of it.
  const mine = name => name === 'open' && (from.nodeName === 'DETAILS' || from.nodeName === 'DIALOG');
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && !mine(name)) from.removeAttribute(name);
  for (const { name, value } of to.attributes)
    if (from.getAttribute(name) !== value && !mine(name)) from.setAttribute(name, value);
}

function children(from, to, follow) {
  const keyed = new Map();
  for (const child of from.children) if (keyOf(child)) keyed.set(keyOf(child), child);
  let at = from.firstChild;
  for (const wanted of [...to.childNodes]) {
    const key = keyOf(wanted);
    let found = key ? keyed.get(key) : at;
    while (found && !fits(found, wanted)) found = key ? null : found.nextSibling;
    if (found) {
      if (found === at) at = at.nextSibling;
      else from.insertBefore(found, at);
      if (key) keyed.delete(key);
      morph(found, wanted, follow);
    } else {
      from.insertBefore(document.importNode(wanted, true), at);
    }
  }
  while (at) {
    const next = at.nextSibling;
    at.remove();
    at = next;
  }
}

function value(from, to) {
  if (!from.matches('input,select,textarea')) return;
  if (from.type === 'checkbox' || from.type === 'radio') from.checked = to.checked;
  else if (from.value !== to.value) from.value = to.value;
}
