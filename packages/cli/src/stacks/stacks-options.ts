import type { OptionTable } from '@servelab/core';
import { JSON_OPTION } from '../json-option.js';

export const STACKS_OPTIONS = {
  json: JSON_OPTION,
  host: { type: 'string', default: '127.0.0.1', doc: 'Where a started stack listens.' },
  port: {
    type: 'integer',
    default: null,
    min: 1,
    max: 65_535,
    doc: 'Port of a started stack (default: its own, as "stacks list" shows it).',
  },
  maxBatchSize: {
    type: 'integer',
    default: null,
    min: 1,
    max: 64,
    doc: 'Images a batch of a started stack; 1 switches batching off (default: 8).',
  },
} as const satisfies OptionTable;
