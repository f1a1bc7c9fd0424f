// Structured logs, traces, metrics: copying, and arrow keys in the waterfall.

document.addEventListener('click', async event => {
  const button = event.target.closest?.('[data-copy]');
  if (!button) return;
  const value = button.previousElementSibling?.textContent ?? '';
  try {
    await navigator.clipboard.writeText(value);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Not allowed';
  }
  setTimeout(() => { button.textContent = 'Copy'; }, 1500);
});

// Up and down go from span to span, left and right fold and unfold, as in any tree.
document.addEventListener('keydown', event => {
  const row = event.target.closest?.('.waterfall tbody tr');
  if (!row || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const fold = row.querySelector('a.fold');
  const open = fold?.getAttribute('aria-expanded') === 'true';
  if (event.key === 'ArrowDown') focusOn(row.nextElementSibling);
  else if (event.key === 'ArrowUp') focusOn(row.previousElementSibling);
  else if (event.key === 'ArrowLeft' && open) fold.click();
  else if (event.key === 'ArrowRight' && fold && !open) fold.click();
  else return;
  event.preventDefault();
});

const focusOn = row => row?.querySelector('a.span')?.focus();
