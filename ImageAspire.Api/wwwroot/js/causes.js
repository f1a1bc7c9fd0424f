// Why an attempt failed, for people. The words are those of docs/errors.md.
const CAUSES = {
  'time-limit': 'the time limit of the stage', 'dependency-away': 'no connection', 'dependency-refused': 'refuses this system', 'dependency-slow': 'no answer in time',
  'dependency-failed': 'failed', 'image-refused': 'the image itself', 'process-died': 'the process that worked on it died', conflict: 'others changed the same record at the same time',
  'our-fault': 'an unexpected error of this system',
};

// "dependency-slow: vision, no answer in time".
export const causeOf = ({ cause, dependency }) => `${cause}: ${dependency ? `${dependency}, ` : ''}${CAUSES[cause] ?? ''}`;
