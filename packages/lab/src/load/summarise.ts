import { NO_COUNTS } from '@servelab/core';
import { assertConserved, count } from '../record/conservation.js';
import type { LoadResult } from './load-plan.js';
import type { RequestLog } from './request-log.js';

/**
 * Counts outcomes by phase, and errors by their words.
 *
 * @param scheduled how many requests there must be; null where only the log knows
 * @throws Error when the conservation law does not hold
 */
export function summarise(
  log: RequestLog,
  scheduled: number | null,
): Pick<LoadResult, 'counts' | 'warmup' | 'checked' | 'errors'> {
  const counts = { ...NO_COUNTS };
  const warmup = { ...NO_COUNTS };
  const all = { ...NO_COUNTS };
  const messages = new Map<string, number>();
  let checked = 0;
  for (const { phase, outcome, error, checked: wasChecked } of log.records()) {
    count(all, outcome);
    count(phase === 'measured' ? counts : warmup, outcome);
    if (phase === 'measured' && wasChecked) checked++;
    if (error !== undefined) messages.set(error, (messages.get(error) ?? 0) + 1);
  }
  assertConserved(all, scheduled ?? log.length);
  const errors = [...messages].map(([message, times]) => ({ message, count: times }));
  errors.sort((a, b) => b.count - a.count);
  return { counts, warmup, checked, errors };
}
