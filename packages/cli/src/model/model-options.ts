import type { OptionTable } from '@servelab/core';
import { JSON_OPTION } from '../json-option.js';

export const MODEL_OPTIONS = {
  json: JSON_OPTION,
  name: {
    type: 'string',
    default: null,
    doc: 'With add: call the model so, and not as its manifest does.',
  },
} as const satisfies OptionTable;
