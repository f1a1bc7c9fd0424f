const LONG_PRESS = 500;
const SLOP = 10;

// Mouse, touch and keyboard over the grid, in the manner of a list box: one stop for the Tab key, arrows inside, Space selects, Enter opens.
// on: { open(id), toggle(id), range(id), selectAll(), remove(), clear(), isSelecting(), move(id) }
export function followInput(box, list, view, on, covered) {
  let active = null;
  const setActive = id => {
    active = id;
    if (id) box.setAttribute('aria-activedescendant', `card-${id}`); else box.removeAttribute('aria-activedescendant');
    view.redecorate();
  };
  const idOf = event => event.target.closest('.card[data-id]')?.dataset.id;

  let pressed = false;
  box.addEventListener('click', event => {
    const id = idOf(event);
    if (!id) return;
    if (pressed) { pressed = false; return; } // the end of a long press
    setActive(id);
    if (event.shiftKey) on.range(id);
    else if (event.target.closest('.check') || event.ctrlKey || event.metaKey || on.isSelecting()) on.toggle(id);
    else on.open(id);
  });

  // A long press on a touch screen selects; after it a tap selects too.
  let timer = null;
  let start = null;
  const forget = () => { clearTimeout(timer); timer = null; };
  box.addEventListener('pointerdown', event => {
    pressed = false;
    const id = idOf(event);
    if (event.pointerType !== 'touch' || !id) return;
    start = { x: event.clientX, y: event.clientY };
    timer = setTimeout(() => { pressed = true; navigator.vibrate?.(15); on.toggle(id); }, LONG_PRESS);
  });
  box.addEventListener('pointermove', event => { if (timer && Math.hypot(event.clientX - start.x, event.clientY - start.y) > SLOP) forget(); });
  for (const type of ['pointerup', 'pointercancel', 'pointerleave']) box.addEventListener(type, forget);
  box.addEventListener('contextmenu', event => { if (timer || pressed) event.preventDefault(); });

  async function go(index) {
    const record = await list.at(Math.max(0, Math.min(index, list.complete ? list.count - 1 : index)));
    if (!record) return;
    view.reveal(list.indexOf(record.id), covered());
    setActive(record.id);
    return record.id;
  }

  box.addEventListener('focus', () => {
    if (!active || !list.has(active)) setActive(box.querySelector('.card[data-id]')?.dataset.id ?? null);
  });
  box.addEventListener('keydown', async event => {
    const steps = {
      ArrowRight: 1, ArrowLeft: -1, ArrowDown: view.columns, ArrowUp: -view.columns,
      PageDown: view.columns * view.rowsInWindow, PageUp: -view.columns * view.rowsInWindow,
    };
    const at = active ? list.indexOf(active) : -1;
    const key = event.key;
    if (event.altKey || (key !== 'a' && (event.ctrlKey || event.metaKey))) return;
    if (key === 'a' && (event.ctrlKey || event.metaKey)) on.selectAll();
    else if (key in steps) { const to = at + steps[key]; if (to >= 0) { const id = await prevented(event, () => go(to)); if (event.shiftKey && id) on.range(id); } else event.preventDefault(); return; }
    else if (key === 'Home') go(0);
    else if (key === 'End') go(list.count - 1);
    else if (key === 'Enter' && active) on.open(active);
    else if (key === ' ' && active) { if (event.shiftKey) on.range(active); else on.toggle(active); }
    else if (key === 'Delete' && on.isSelecting()) on.remove();
    else return;
    event.preventDefault();
  });
  // Wherever the focus is, but not while something else is open or typed.
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && on.isSelecting() && !document.querySelector('dialog[open]') && !event.target.closest?.('input, select')) on.clear();
  });
  return { isActive: id => id === active, setActive };
}

function prevented(event, then) {
  event.preventDefault();
  return then();
}
