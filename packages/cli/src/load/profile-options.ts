import type { OptionTable } from '@servelab/core';

/** How the rate of an open load changes while it is measured. */
export const PROFILE_OPTIONS = {
  loadProfile: {
    type: 'string',
    default: null,
    choices: ['step', 'ramp', 'spike', 'soak'],
    doc: 'How the rate changes over the measured part: levels or a straight line from --rate to --to-rate, a spike of --to-rate in the middle, or not at all but looked at for drift.',
  },
  toRate: {
    type: 'number',
    default: null,
    min: 0.01,
    max: 100_000,
    placeholder: 'R',
    doc: 'The last rate of a step or ramp, the height of a spike.',
  },
  steps: {
    type: 'integer',
    default: 4,
    min: 2,
    max: 100,
    doc: 'Levels of a step profile, --rate and --to-rate among them.',
  },
  spikeLength: {
    type: 'string',
    default: null,
    placeholder: 'TIME',
    doc: 'How long a spike lasts (default: a fifth of the measured part).',
  },
  replay: {
    type: 'string',
    default: null,
    placeholder: 'FILE',
    doc: 'Send at recorded moments, the whole trace: one in seconds a line, CSV, or the records.ndjson of an earlier load.',
  },
  replayColumn: {
    type: 'string',
    default: null,
    placeholder: 'NAME',
    doc: 'Column of the CSV that holds the moments, in seconds.',
  },
} as const satisfies OptionTable;
