import { byId, plural } from '../dom.js';
import { toast } from '../toasts.js';

const MOST = 20_000;
// In a folder there is more than images. What was chosen file by file is sent as it is: the server looks at the bytes.
const PICTURE = /\.(jpe?g|jfif|png|webp|gif|tiff?|bmp|avif|hei[cf]|hif|jxl|jp2|j2k|jp[fx]|psd|dng|cr2|nef|arw|ico|p[pgbn]m|pam|qoi)$/i;

// Files come from the pointer (dropped, folders too), the clipboard, and two file inputs. add(files) takes them.
export function startSources(add) {
  const drop = byId('drop');
  let depth = 0;
  const over = on => { depth = on ? depth : 0; document.body.classList.toggle('dropping', on); };
  const hasFiles = event => [...event.dataTransfer?.types ?? []].includes('Files');
  addEventListener('dragenter', event => { if (hasFiles(event)) { event.preventDefault(); depth++; over(true); } });
  addEventListener('dragleave', () => { if (--depth <= 0) over(false); });
  addEventListener('dragover', event => { if (hasFiles(event)) event.preventDefault(); });
  addEventListener('drop', async event => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    over(false);
    add(await dropped(event.dataTransfer));
  });
  addEventListener('paste', event => { if (event.clipboardData?.files.length > 0) add([...event.clipboardData.files]); });
  for (const [input, take] of [[byId('files'), files => files], [byId('folder'), imagesOf]]) {
    const chosen = () => { add(take([...input.files])); input.value = ''; };
    input.addEventListener('change', chosen);
    if (input.files.length > 0) chosen(); // files that were chosen before this script was there
  }
  drop.classList.add('ready');
}

async function dropped(data) {
  // Entries must be taken before the first await: afterwards the browser empties the list.
  const entries = [...data.items].map(item => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some(entry => entry.isDirectory)) return [...data.files];
  const inFolders = [];
  const loose = [];
  for (const entry of entries) {
    if (entry.isFile) loose.push(await fileOf(entry));
    else await walk(entry, inFolders);
  }
  if (inFolders.length >= MOST) toast(`Only the first ${MOST.toLocaleString()} files of the folders are taken.`);
  return [...loose, ...imagesOf(inFolders)];
}

async function walk(folder, found) {
  const reader = folder.createReader();
  // A reader gives some entries at a time, and none at the end.
  for (let some = await read(reader); some.length > 0 && found.length < MOST; some = await read(reader)) {
    for (const entry of some) {
      if (found.length >= MOST) return;
      if (entry.isFile) found.push(await fileOf(entry)); else await walk(entry, found);
    }
  }
}

const read = reader => new Promise((resolve, reject) => { reader.readEntries(resolve, reject); });
const fileOf = entry => new Promise((resolve, reject) => { entry.file(resolve, reject); });

function imagesOf(files) {
  const good = files.filter(file => file.type.startsWith('image/') || PICTURE.test(file.name));
  const others = files.length - good.length;
  if (others > 0) toast(`${plural(others, 'file')} of the folder ${others === 1 ? 'is' : 'are'} no image and ${others === 1 ? 'was' : 'were'} left out.`);
  return good;
}
