import type { OptionTable } from '@servelab/core';
import { TARGET_OPTIONS } from './target-options.js';

export const LOAD_OPTIONS = {
  ...TARGET_OPTIONS,
  concurrency: {
    type: 'integer',
    default: null,
    min: 1,
    max: 10_000,
    doc: 'Closed loop: this many users, each of whom waits for the answer before sending again.',
  },
  rate: {
    type: 'number',
    default: null,
    min: 0.01,
    max: 100_000,
    placeholder: 'R',
    doc: 'Open loop: this many requests a second, whatever the server does.',
  },
  arrivals: {
    type: 'string',
    default: 'poisson',
    choices: ['poisson', 'constant'],
    doc: 'How the requests of an open loop are spaced.',
  },
  duration: { type: 'string', default: '10s', placeholder: 'TIME', doc: 'Measured part.' },
  warmup: {
    type: 'string',
    default: '1s',
    placeholder: 'TIME',
    doc: 'Load before the measured part; 0 for none.',
  },
  timeout: {
    type: 'string',
    default: '10s',
    placeholder: 'TIME',
    doc: 'A request without a complete answer by then, counted from its scheduled moment, has timed out.',
  },
  seed: { type: 'integer', default: 1, min: 0, max: 2 ** 31 - 1, doc: 'Decides arrivals and images.' },
  out: {
    type: 'string',
    default: null,
    placeholder: 'DIR',
    doc: 'Keep records.ndjson and point.json in this folder.',
  },
  json: {
    type: 'boolean',
    default: false,
    doc: 'Print one point of report.json on standard output, nothing else.',
  },
} as const satisfies OptionTable;
