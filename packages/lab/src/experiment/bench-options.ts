import type { OptionTable } from '@servelab/core';
import { SERVELAB_STACKS } from '../stacks/servelab-stacks.js';
import { PHOTOGRAPHS, SIMULATED_KERAS } from '../stacks/workload-kind.js';

export const BENCH_OPTIONS = {
  profile: {
    type: 'string',
    default: 'quick',
    choices: ['quick', 'full'],
    doc: 'How much is measured: an answer in minutes, or every level, rate and check.',
  },
  stacks: {
    type: 'list',
    default: SERVELAB_STACKS,
    doc: 'Stacks to compare, each NAME[/form][:policy][@precision]; "all" adds every Python peer in both forms, installed first where needed.',
  },
  workloads: {
    type: 'list',
    default: [PHOTOGRAPHS.name, SIMULATED_KERAS.name],
    doc: 'Kinds of work: real photographs on the model, and a simulated runtime that costs what a Keras call does (servelab’s own: other stacks are left out of it).',
  },
  levels: { type: 'list', default: null, doc: 'Closed-loop concurrencies (default: the profile’s).' },
  rates: {
    type: 'list',
    default: null,
    doc: 'Open-loop rates, requests per second (default: fractions of the capacity measured first).',
  },
  arrivals: {
    type: 'string',
    default: 'poisson',
    choices: ['poisson', 'constant'],
    doc: 'How open-loop requests are spaced.',
  },
  duration: {
    type: 'string',
    default: null,
    placeholder: 'TIME',
    doc: 'Measured part of a point, such as 10s.',
  },
  'max-duration': {
    type: 'string',
    default: null,
    placeholder: 'TIME',
    doc: 'A slow open rate is measured longer than --duration, to this at most, until p99 has its requests (default: 60s; in the quick profile only p95 is waited for).',
  },
  warmup: {
    type: 'string',
    default: null,
    placeholder: 'TIME',
    doc: 'Load before the measured part, such as 3s (default: the profile’s, and up to three times that until answers no longer become faster).',
  },
  repeats: {
    type: 'integer',
    default: null,
    min: 1,
    max: 100,
    doc: 'Fresh processes of each stack (default: 5; intervals need at least 2).',
  },
  timeout: {
    type: 'string',
    default: '10s',
    placeholder: 'TIME',
    doc: 'When a request counts as timed out.',
  },
  slo: {
    type: 'string',
    default: null,
    placeholder: 'RULE',
    doc: 'What counts as on time, such as p99<=250ms; goodput counts only these.',
  },
  findRate: {
    type: 'boolean',
    default: null,
    doc: 'After the points, search for the highest rate at which each stack holds the SLO (p99<=250ms where none is named), photographs only; --no-find-rate leaves it out of the full profile, which has it.',
  },
  mix: {
    type: 'string',
    default: '224',
    choices: ['224', '720p', 'phone'],
    doc: 'Dimensions of the images sent; decoding them can reverse a ranking.',
  },
  body: {
    type: 'string',
    default: 'multipart',
    choices: ['multipart', 'json', 'raw'],
    doc: 'How an image travels.',
  },
  seed: {
    type: 'integer',
    default: 1,
    min: 0,
    max: 2 ** 31 - 1,
    doc: 'Decides images, arrivals, and the order of everything.',
  },
  out: {
    type: 'string',
    default: null,
    placeholder: 'DIR',
    doc: 'Folder of the run (default: runs/TIME_PROFILE).',
  },
  strict: { type: 'boolean', default: false, doc: 'Exit with 1 when the run is INVALID.' },
  json: { type: 'boolean', default: false, doc: 'Print report.json on standard output and nothing else.' },
} as const satisfies OptionTable;
