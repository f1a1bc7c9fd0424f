// Uploads a file with the official client: node upload.js ADDRESS KEY FILE URLS [CHUNK]. Tells what happens, one line each; the last one is
// "image ID". URLS is the file in which the client remembers where unfinished uploads are.
import { createReadStream, statSync } from 'node:fs';
import { basename } from 'node:path';
import tus from 'tus-js-client';

const [address, key, file, urls, chunk] = process.argv.slice(2);
const size = statSync(file).size;
let image;

const upload = new tus.Upload(createReadStream(file), {
  endpoint: `${address}/api/uploads`,
  headers: { 'X-API-Key': key },
  metadata: { filename: basename(file), filetype: 'image/jpeg' },
  uploadSize: size,
  chunkSize: chunk ? Number(chunk) : Infinity,
  retryDelays: Array(60).fill(500),
  urlStorage: new tus.FileUrlStorage(urls),
  removeFingerprintOnSuccess: true,
  onBeforeRequest: request => console.log(`${request.getMethod()} ${request.getHeader('Upload-Offset') ?? ''}`.trim()),
  onAfterResponse: (_, response) => { image = response.getHeader('Image-Id') ?? image; },
  onShouldRetry: error => { console.log(`retry ${error.originalResponse?.getStatus() ?? 'broken'}`); return true; },
  onError: error => { console.error(String(error)); process.exit(1); },
  onSuccess: () => { console.log(`image ${image}`); },
});

const previous = await upload.findPreviousUploads();
console.log(`remembered ${previous.length}`);
if (previous.length > 0) upload.resumeFromPreviousUpload(previous[0]);
upload.start();
