// Settings from the server: { maxImageBytes, traceUrl, trash, scopes }. Everything works without.
let known = {};

// While the scopes are unknown everything is offered; the server decides.
export const may = scope => known.scopes?.includes(scope) ?? true;

export const settings = () => known;

export async function loadSettings() {
  try {
    const answer = await fetch('/gallery.json');
    if (answer.ok) known = await answer.json();
  } catch {
    // The server is unavailable; the list shows that.
  }
}
