// Where uploads that are not finished go on, also after a reload: a list of { file, address, at } in the browser's storage. A file is known
// by its name, size and time; an address opens nothing without the session.
const KEY = 'imageaspire.uploads';
const MOST = 50;
const KEPT = 24 * 60 * 60 * 1000;

const nameOf = file => `${file.size}/${file.lastModified}/${file.name.slice(0, 200)}`;

export const recall = file => read().find(one => one.file === nameOf(file))?.address;

export const remember = (file, address) => write([{ file: nameOf(file), address, at: Date.now() }, ...without(file)].slice(0, MOST));

export const forget = file => write(without(file));

const without = file => read().filter(one => one.file !== nameOf(file));

// Anything may stand there, and it may be forbidden to look: then nothing is remembered, and uploads begin anew.
function read() {
  try {
    const list = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.filter(one => /^\/api\/uploads\/[0-9a-f-]{36}$/.test(one?.address) && Date.now() - one.at < KEPT) : [];
  } catch {
    return [];
  }
}

function write(list) {
  try {
    if (list.length > 0) localStorage.setItem(KEY, JSON.stringify(list)); else localStorage.removeItem(KEY);
  } catch {
    // The storage is full or forbidden; see above.
  }
}
