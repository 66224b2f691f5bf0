import type { BooleanOption, OptionTable } from '@servelab/core';

/** `--json` of the commands whose document has no name of its own. */
export const JSON_OPTION = {
  type: 'boolean',
  default: false,
  doc: 'Print one JSON document on standard output and nothing else.',
} as const satisfies BooleanOption;

/** Of commands that take nothing else. */
export const JSON_ALONE = { json: JSON_OPTION } as const satisfies OptionTable;
