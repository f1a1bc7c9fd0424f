// Keys: data-shortcut="x" on a link or button presses it; "/" goes to the filter; data-opens="id" opens a dialog.

const writes = element => element?.closest?.('input,select,textarea,[contenteditable]');

document.addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (document.querySelector('dialog[open]')) return; // it closes itself with Escape
  if (writes(event.target)) {
    if (event.key === 'Escape') event.target.blur();
    return;
  }
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const target = [...document.querySelectorAll('[data-shortcut]')].find(one => one.dataset.shortcut === key)
    ?? (key === '/' ? document.querySelector('main input[type=search]') : null);
  if (!target) return;
  event.preventDefault();
  if (target.matches('input')) { target.focus(); target.select(); }
  else target.click();
});

document.addEventListener('click', event => {
  const button = event.target.closest?.('[data-opens]');
  if (button) document.getElementById(button.dataset.opens)?.showModal();
});
