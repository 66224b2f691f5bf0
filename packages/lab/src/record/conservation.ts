import type { Counts, Outcome } from '@servelab/core';

export function count(counts: Counts, outcome: Outcome): void {
  counts.scheduled++;
  counts[outcome]++;
}

/**
 * Nothing is dropped: scheduled = ok + wrong + rejected + failed + timed_out + incomplete, and that many
 * requests were to be sent.
 *
 * @throws Error when it does not hold: a fault of the driver, never of the server
 */
export function assertConserved(counts: Counts, scheduled: number): void {
  const { ok, wrong, rejected, failed, timed_out, incomplete } = counts;
  const settled = ok + wrong + rejected + failed + timed_out + incomplete;
  if (counts.scheduled === scheduled && settled === scheduled) return;
  throw new Error(`conservation law broken: ${scheduled} scheduled, ${JSON.stringify(counts)}`);
}
