import type { OptionTable } from '@servelab/core';
import { JSON_OPTION } from '../json-option.js';

export const COMPARE_OPTIONS = {
  metric: {
    type: 'list',
    default: null,
    doc: 'Figures to compare: mean, p50, p95, p99, throughput, goodput (default: p95 at open rates, goodput at closed levels).',
  },
  maxRegression: {
    type: 'string',
    default: '5%',
    placeholder: 'PERCENT',
    doc: 'Loss that does not count; a significant one above it ends with exit code 1.',
  },
  unlike: {
    type: 'boolean',
    default: false,
    doc: 'Compare although machine, model, images or SLO differ.',
  },
  allowMissing: {
    type: 'boolean',
    default: false,
    doc: 'Accept that stacks or loads of the first run are missing in the second (default: exit code 1).',
  },
  markdown: { type: 'boolean', default: false, doc: 'Print Markdown, for a comment on a pull request.' },
  json: JSON_OPTION,
} as const satisfies OptionTable;
