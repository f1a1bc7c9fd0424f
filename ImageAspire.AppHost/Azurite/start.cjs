// Azurite's blob service with the arguments of this program.
const { rename, writeFile } = require('node:fs/promises');
const { ServerResponse } = require('node:http');
const Loki = require('lokijs');

// A test starts it with a pipe as its standard input, whose other end only the test holds: it ends with the test, however that ends.
if (process.env.IMAGEASPIRE_STOP_WITH_PARENT === '1')
  process.stdin.on('end', () => process.exit(0)).resume();

// Azurite writes its index of blobs every five seconds: a kill would lose what it has answered since. So it is written before each answer to a
// change; changes at the same time share one write. Both databases are of the same moment, that of the extents (the bytes) before that of the
// blobs: a blob whose bytes are unknown would look complete to whoever repeats an upload.
const databases = [];
const configure = Loki.prototype.configureOptions;
Loki.prototype.configureOptions = function (options, ...rest) {
  if (options?.persistenceMethod === 'fs') {
    databases.push(this);
    databases.sort((one, other) => Number(other.filename.includes('extent')) - Number(one.filename.includes('extent')));
    options = { ...options, autosave: false };
  }
  return configure.call(this, options, ...rest);
};

let running = Promise.resolve();
let waiting = null;
function save() {
  waiting ??= running = running.catch(() => {}).then(async () => {
    waiting = null;
    const snapshots = databases.map(database => [database.filename, database.serialize()]);
    for (const [file, content] of snapshots) {
      await writeFile(`${file}~`, content);
      await rename(`${file}~`, file);
    }
  });
  return waiting;
}

const end = ServerResponse.prototype.end;
ServerResponse.prototype.end = function (...args) {
  if (databases.length === 0 || this.statusCode >= 300 || ['GET', 'HEAD', 'OPTIONS'].includes(this.req.method))
    return end.apply(this, args);
  save().then(() => end.apply(this, args), error => {
    console.error(`The change was not stored: ${error.message}`);
    this.destroy();
  });
  return this;
};

require('azurite/dist/src/blob/main.js');
