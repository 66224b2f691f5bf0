import { seededRandom } from '@servelab/core';
import { constantSchedule } from './constant-schedule.js';
import { poissonSchedule } from './poisson-schedule.js';

export type Arrivals = 'poisson' | 'constant';

/**
 * The moments at which an open-loop run sends, in microseconds from its start: a function of its
 * arguments alone, so that every stack gets the same arrivals for one seed.
 *
 * @param label which stream of the seed they are drawn from
 */
export function openSchedule(
  arrivals: Arrivals,
  ratePerS: number,
  durationUs: number,
  seed: number,
  label = 'arrivals',
): Float64Array {
  switch (arrivals) {
    case 'poisson':
      return poissonSchedule(ratePerS, durationUs, seededRandom(seed, label));
    case 'constant':
      return constantSchedule(ratePerS, durationUs);
  }
}
