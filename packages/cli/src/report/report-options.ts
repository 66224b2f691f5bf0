import type { OptionTable } from '@servelab/core';

export const REPORT_OPTIONS = {
  json: { type: 'boolean', default: false, doc: 'Print report.json on standard output and nothing else.' },
  out: {
    type: 'string',
    default: null,
    placeholder: 'DIR',
    doc: 'With import: write the report there (default: a folder in runs/ named after the files’ content).',
  },
  users: {
    type: 'integer',
    default: null,
    min: 1,
    max: 1_000_000,
    doc: 'With import: users of a closed loop, for files that do not say it.',
  },
  rate: {
    type: 'number',
    default: null,
    min: 0.01,
    max: 1_000_000,
    placeholder: 'R',
    doc: 'With import: requests a second of an open loop, for files of k6 that do not say it.',
  },
} as const satisfies OptionTable;
