import { type Counts, NO_COUNTS, type ToldCounts } from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';

/** How the requests ended; `scheduled` is their number, so the other six add up to it. */
export function countOutcomes(records: readonly RequestRecord[]): Counts {
  const counts: Counts = { ...NO_COUNTS, scheduled: records.length };
  for (const { outcome } of records) counts[outcome]++;
  return counts;
}

export function addCounts(all: readonly Counts[]): Counts {
  const total: Counts = { ...NO_COUNTS };
  for (const counts of all) {
    for (const key of Object.keys(total) as (keyof Counts)[]) total[key] += counts[key];
  }
  return total;
}

/** Of files that do not say what became of the requests; those that were never sent are known. */
export const unknownCounts = (scheduled: number, incomplete: number): ToldCounts => ({
  scheduled,
  ok: null,
  wrong: null,
  rejected: null,
  failed: null,
  timed_out: null,
  incomplete,
});

/** @returns null where something is unknown */
export function knownCounts({ scheduled, incomplete, ...told }: ToldCounts): Counts | null {
  const { ok, wrong, rejected, failed, timed_out } = told;
  if (ok === null || wrong === null || rejected === null || failed === null || timed_out === null) {
    return null;
  }
  return { scheduled, ok, wrong, rejected, failed, timed_out, incomplete };
}

/** Requests without a right answer; null where that is not known. */
export const withoutRightAnswer = ({ scheduled, ok }: ToldCounts): number | null =>
  ok === null ? null : scheduled - ok;
