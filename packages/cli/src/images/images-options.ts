import type { OptionTable } from '@servelab/core';

export const IMAGES_OPTIONS = {
  mix: {
    type: 'string',
    default: '224',
    choices: ['224', '720p', 'phone'],
    doc: 'Dimensions of the images: 224 x 224, 1280 x 720 or 4032 x 3024.',
  },
  seed: { type: 'integer', default: 1, min: 0, max: 2 ** 31 - 1, doc: 'Decides how they are cut.' },
  out: {
    type: 'string',
    default: null,
    placeholder: 'DIR',
    doc: 'Copy them there, for a container or another machine (default: show where they lie).',
  },
} as const satisfies OptionTable;
