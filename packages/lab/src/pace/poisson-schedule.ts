import { type Random, US_PER_S } from '@servelab/core';
import { requirePositive } from './require-positive.js';

/**
 * Scheduled moments of an open-loop run, in microseconds from its start, ascending.
 *
 * A homogeneous Poisson process: gaps are independent and exponential with mean 1/rate, drawn by
 * inversion (-ln(1-u)/rate). Memory is 8 bytes an arrival.
 *
 * @param ratePerS   mean arrivals per second, > 0
 * @param durationUs length of the run; arrivals at or after it are not scheduled
 * @throws RangeError if either is not a positive finite number
 */
export function poissonSchedule(ratePerS: number, durationUs: number, random: Random): Float64Array {
  requirePositive('ratePerS', ratePerS);
  requirePositive('durationUs', durationUs);

  const meanGapUs = US_PER_S / ratePerS;
  const scheduledUs: number[] = [];
  // 1 - u, not u: u may be 0, and ln(0) would schedule the next arrival at infinity.
  const nextGapUs = () => -Math.log(1 - random()) * meanGapUs;

  for (let atUs = nextGapUs(); atUs < durationUs; atUs += nextGapUs()) scheduledUs.push(atUs);
  return Float64Array.from(scheduledUs);
}
