import { US_PER_S } from '@servelab/core';
import { requirePositive } from './require-positive.js';

/**
 * Scheduled moments at equal distances, in microseconds from the start of the run: i / rate for
 * i = 0, 1, ... below the duration. Each is computed from its index, so no rounding adds up.
 *
 * @throws RangeError if either argument is not a positive finite number
 */
export function constantSchedule(ratePerS: number, durationUs: number): Float64Array {
  requirePositive('ratePerS', ratePerS);
  requirePositive('durationUs', durationUs);
  const count = Math.ceil((durationUs * ratePerS) / US_PER_S);
  return Float64Array.from({ length: count }, (_, index) => (index * US_PER_S) / ratePerS);
}
