// Why an attempt failed, for people. The causes are those of docs/errors.md.
const WORDS = {
  'time-limit': () => 'the stage took longer than its limit', 'dependency-away': name => `${name} cannot be reached`, 'dependency-refused': name => `${name} refuses this system`,
  'dependency-slow': name => `${name} did not answer in time`, 'dependency-failed': name => `${name} failed, or lacks what was stored`, 'image-refused': () => 'the image itself',
  'process-died': () => 'the process that worked on it died', conflict: () => 'others changed the same record at the same time', 'our-fault': () => 'an unexpected error of this system',
};

// "dependency-slow: vision did not answer in time".
export const causeOf = ({ cause, dependency }) => (WORDS[cause] ? `${cause}: ${WORDS[cause](dependency ?? 'a dependency')}` : cause);
