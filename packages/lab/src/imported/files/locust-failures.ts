import type { Counts } from '@servelab/core';
import { csvNumber, parseCsv } from '../../csv/parse-csv.js';

type Failed = Pick<Counts, 'wrong' | 'rejected' | 'failed' | 'timed_out'>;

/** `PREFIX_failures.csv`: what went wrong, and how often. */
export interface LocustFailures {
  readonly kind: 'locust-failures';
  readonly counts: Failed;
}

export const isLocustFailures = (header: readonly string[]): boolean =>
  header.includes('Error') && header.includes('Occurrences');

/** The code that `fault_of` in deploy/locust/stack_requests.py puts before the text of a failure. */
const CODE = /\[(wrong|rejected|failed)\] /;

/** By text: errors of Locust itself, which have no code, and files that older versions of deploy/locust made. */
const KINDS_BY_TEXT: readonly (readonly [keyof Failed, RegExp])[] = [
  ['rejected', /\b(429|503)\b/],
  ['timed_out', /timed? ?out/i],
  ['wrong', /the answer (has no class|is no JSON)/],
];

export function parseLocustFailures(text: string): LocustFailures {
  const counts: Failed = { wrong: 0, rejected: 0, failed: 0, timed_out: 0 };
  for (const { Error: failure = '', Occurrences } of parseCsv(text)) {
    counts[kindOf(failure)] += csvNumber(Occurrences) ?? 0;
  }
  return { kind: 'locust-failures', counts };
}

/** What neither a code nor the text tells is `failed`. */
function kindOf(failure: string): keyof Failed {
  const code = CODE.exec(failure)?.[1];
  if (code === 'wrong' || code === 'rejected' || code === 'failed') return code;
  return KINDS_BY_TEXT.find(([, pattern]) => pattern.test(failure))?.[0] ?? 'failed';
}
