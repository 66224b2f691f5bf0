import { usToMs } from '@servelab/core';
import type { DriverPhase, LoadPlan } from './load-plan.js';

/** Reading images and drawing arrivals; writing the records, on a slow disk. */
const START_MS = 120_000;
const WRITING_MS = 600_000;
/** `setTimeout` takes no more. */
const LONGEST_MS = 2 ** 31 - 1;

/**
 * How long a driver may be silent about its phase: what its plan allows from the beginning of this one to the next that
 * it tells, and some more.
 *
 * @param phase null before the first
 */
export function phaseLimitMs(plan: LoadPlan, phase: DriverPhase | null, graceMs: number): number {
  return Math.min(LONGEST_MS, graceMs + plannedMs(plan, phase));
}

function plannedMs(plan: LoadPlan, phase: DriverPhase | null): number {
  const { warmupUs, warmupMaxUs = warmupUs, durationUs, timeoutUs, graceUs } = plan;
  switch (phase) {
    case null:
      return START_MS;
    case 'connecting':
      return usToMs(timeoutUs);
    case 'warmup':
      return usToMs(warmupMaxUs + durationUs + graceUs);
    case 'measured':
      return usToMs(durationUs + graceUs);
    case 'grace':
      return usToMs(graceUs);
    case 'writing':
      return WRITING_MS;
  }
}
