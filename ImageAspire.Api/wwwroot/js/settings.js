// What the page needs to know of its server: { maxImageBytes, traceUrl, scopes }. Everything works without.
let known = {};

// While it is not known what somebody may do, it is offered; the server decides.
export const may = scope => known.scopes?.includes(scope) ?? true;

export const settings = () => known;

export async function loadSettings() {
  try {
    const answer = await fetch('/gallery.json');
    if (answer.ok) known = await answer.json();
  } catch {
    // The server is away just now; the list says so where people look.
  }
}
