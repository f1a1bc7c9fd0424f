import crypto from 'node:crypto';

/**
 * @typedef {object} Config
 * @property {string} host Address to listen on.
 * @property {number} port 0 for any free one.
 * @property {string} key Of `Ocp-Apim-Subscription-Key`.
 * @property {number} queue Requests that may wait or run.
 * @property {number} timeLimit Of one analysis, in milliseconds.
 * @property {boolean} stopWithParent End when standard input ends.
 */

/**
 * Settings from the environment.
 * @param {NodeJS.ProcessEnv} env
 * @returns {Config}
 * @throws {Error} With every problem, one a line.
 */
export function configFrom(env) {
  const problems = [];
  const number = (name, usual, least, most) => {
    const value = env[name] ? Number(env[name]) : usual;
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    problems.push(`${name} must be a whole number from ${least} to ${most}, not '${env[name]}'.`);
    return usual;
  };
  const key = env.VISION_KEY ?? '';
  if (!/^[!-~]{8,512}$/.test(key)) problems.push('VISION_KEY must have 8 to 512 printable ASCII characters, without spaces.');
  const config = {
    host: env.VISION_HOST || '127.0.0.1',
    port: number('VISION_PORT', 5090, 0, 65_535),
    key,
    queue: number('VISION_QUEUE', 16, 1, 1000),
    timeLimit: number('VISION_TIME_LIMIT_SECONDS', 60, 1, 300) * 1000,
    stopWithParent: env.IMAGEASPIRE_STOP_WITH_PARENT === '1',
  };
  if (problems.length > 0) throw new Error(problems.join('\n'));
  return config;
}

/** Compares in a time that tells nothing about the key. @param {string | undefined} given @param {string} key */
export function isKey(given, key) {
  const [a, b] = [given ?? '', key].map((text) => crypto.createHash('sha256').update(text).digest());
  return crypto.timingSafeEqual(a, b);
}
