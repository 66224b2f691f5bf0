import type { OptionTable } from '@servelab/core';

/** Several windows instead of one: a search for the highest rate, or one level after the other. */
export const SEARCH_OPTIONS = {
  slo: {
    type: 'string',
    default: null,
    placeholder: 'RULE',
    doc: 'What counts as on time, such as p99<=250ms: goodput counts only these, and --find-rate searches by it.',
  },
  findRate: {
    type: 'boolean',
    default: false,
    doc: 'Search for the highest open rate that holds the SLO (p99<=250ms unless --slo says otherwise), from --rate or, without it, from half of what 8 waiting users get. --duration is the least length of a window.',
  },
  bracketPct: {
    type: 'number',
    default: 5,
    min: 1,
    max: 50,
    placeholder: 'PERCENT',
    doc: 'The search ends when the rate that fails is at most this much above the one that passes.',
  },
  ladder: {
    type: 'list',
    default: null,
    placeholder: 'A,B',
    doc: 'Closed loops with these numbers of users, one after the other, in one table.',
  },
} as const satisfies OptionTable;
