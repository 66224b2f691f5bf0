import type { Counts } from '@servelab/core';
import type { RequestRecord } from '../record/request-record.js';

export const NO_COUNTS: Readonly<Counts> = {
  scheduled: 0,
  ok: 0,
  wrong: 0,
  rejected: 0,
  failed: 0,
  timed_out: 0,
  incomplete: 0,
};

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
