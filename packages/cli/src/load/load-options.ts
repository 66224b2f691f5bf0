import type { OptionTable } from '@servelab/core';

export const LOAD_OPTIONS = {
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
  image: {
    type: 'string',
    default: null,
    placeholder: 'FILE|DIR',
    doc: 'Send this image, or all of a folder in turn (default: 256 crops of photographs).',
  },
  body: {
    type: 'string',
    default: 'multipart',
    choices: ['multipart', 'json', 'raw'],
    doc: 'How an image travels: a multipart part, base64 in JSON, or as the body itself.',
  },
  field: { type: 'string', default: 'file', doc: 'Name of the multipart part.' },
  expect: {
    type: 'integer',
    default: null,
    min: 0,
    max: 1_000_000,
    placeholder: 'CLASS',
    doc: 'Every answer must put this class first; others count as wrong (default: any 2xx is ok).',
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
