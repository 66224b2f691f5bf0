import { usageError } from '@servelab/core';
import { openSchedule } from '../pace/schedule.js';
import type { LoadPlan } from './load-plan.js';
import { MAX_REQUESTS } from './request-log.js';

/** The moments of an open load, in microseconds; each part from its own beginning. */
export interface PlannedArrivals {
  /** To the latest end that the warm-up may have. */
  readonly warmupUs: Float64Array;
  readonly measuredUs: Float64Array;
}

/**
 * Drawn before the run, each part from a stream of its own: the measured arrivals are the same for every stack and
 * for one seed, however long the warm-up before them lasts. Null for a closed load, whose moments the answers decide.
 *
 * @throws UserError (exit code 2) for more requests than a run can hold
 */
export function planArrivals(plan: LoadPlan): PlannedArrivals | null {
  const { load, warmupUs, warmupMaxUs = warmupUs, durationUs, seed } = plan;
  if (load.mode === 'closed') return null;
  const expected = (load.rate_rps * (warmupMaxUs + durationUs)) / 1e6;
  if (expected > MAX_REQUESTS) {
    throw usageError(
      `the load has about ${Math.round(expected)} requests, more than ${MAX_REQUESTS}`,
      'Lower the rate or the duration.',
    );
  }
  const { arrivals, rate_rps } = load;
  return {
    warmupUs:
      warmupMaxUs === 0
        ? new Float64Array()
        : openSchedule(arrivals, rate_rps, warmupMaxUs, seed, 'arrivals of the warm-up'),
    measuredUs: openSchedule(arrivals, rate_rps, durationUs, seed),
  };
}
