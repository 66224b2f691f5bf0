import type { Options, OptionTable } from '@servelab/core';
import { PROFILE_OPTIONS } from './profile-options.js';
import { SEARCH_OPTIONS } from './search-options.js';
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
  ...PROFILE_OPTIONS,
  ...SEARCH_OPTIONS,
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
    doc: 'Keep records.ndjson and point.json in this folder; a ladder keeps points.json, a search search.json.',
  },
  json: {
    type: 'boolean',
    default: false,
    doc: 'Print one point of report.json on standard output, nothing else; a ladder prints an array of points, a search its bracket and tries.',
  },
} as const satisfies OptionTable;

export type LoadOptions = Options<typeof LOAD_OPTIONS>;
