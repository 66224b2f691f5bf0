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

/** Told by the words of the error: those of deploy/locust and those of Locust itself; anything else is `failed`. */
const KINDS: readonly (readonly [keyof Failed, RegExp])[] = [
  ['rejected', /\b(429|503)\b/],
  ['timed_out', /timed? ?out/i],
  ['wrong', /the answer (has no class|is no JSON)/],
];

export function parseLocustFailures(text: string): LocustFailures {
  const counts: Failed = { wrong: 0, rejected: 0, failed: 0, timed_out: 0 };
  for (const { Error: words = '', Occurrences } of parseCsv(text)) {
    const kind = KINDS.find(([, pattern]) => pattern.test(words))?.[0] ?? 'failed';
    counts[kind] += csvNumber(Occurrences) ?? 0;
  }
  return { kind: 'locust-failures', counts };
}
