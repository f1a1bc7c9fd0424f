import { configFrom } from './config.js';
import { createService } from './service.js';
import { Engine } from './engine/engine.js';
import { Tracer } from './otel.js';

const log = (line) => console.error(line);

/** @param {string} why */
function giveUp(why) {
  log(why);
  process.exit(1);
}

let config;
try {
  config = configFrom(process.env);
} catch (error) {
  giveUp(error.message);
}

const tracer = Tracer.from(process.env, log);
const engine = new Engine(config.timeLimit, log);
const server = createService({ config, engine, tracer });
server.on('error', (error) => giveUp(`Cannot listen on ${config.host}:${config.port}: ${error.message}`));
server.listen(config.port, config.host, async () => {
  try {
    const began = performance.now();
    await engine.start();
    const { address, port } = /** @type {import('node:net').AddressInfo} */ (server.address());
    console.log(`Vision is ready on http://${address.includes(':') ? `[${address}]` : address}:${port} after ${Math.round(performance.now() - began)} ms.`);
  } catch (error) {
    giveUp(`The vision engines cannot start: ${error.message}\nRun 'node scripts/install.js' in ImageAspire.Vision, or start without vision.`);
  }
});

let stopping = false;
async function stop() {
  if (stopping) return;
  stopping = true;
  await new Promise((resolve) => {
    server.close(resolve); // requests that run are answered
    server.closeIdleConnections();
  });
  await Promise.all([engine.close(), tracer.close()]);
  process.exit(0);
}

process.on('SIGTERM', stop);
process.on('SIGINT', stop);
if (config.stopWithParent) process.stdin.on('end', stop).resume();
