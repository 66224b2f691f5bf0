import { type Random, US_PER_S } from '@servelab/core';
import type { RatePiece } from './rate-profile.js';
import type { Arrivals } from './schedule.js';

/**
 * Scheduled moments, in microseconds from 0, for a rate that changes over time: a non-homogeneous Poisson process by
 * time change. If s1 < s2 < ... is a Poisson process of rate 1 and L(t) the integral of the rate up to t, then
 * L^-1(s1), L^-1(s2), ... is one of that rate (Cinlar, Introduction to Stochastic Processes, 1975, 4.7; Lewis and
 * Shedler, Naval Research Logistics 26, 1979). Constant spacing likewise, with s = 0, 1, 2, ...
 *
 * Pieces are straight lines, so L is quadratic in each and inverts in closed form. Memory is 8 bytes an arrival.
 */
export function profileSchedule(
  pieces: readonly RatePiece[],
  arrivals: Arrivals,
  random: Random,
): Float64Array {
  const scheduledUs: number[] = [];
  // 1 - u, not u: u may be 0, and ln(0) would schedule the next arrival at infinity.
  const gap = () => (arrivals === 'poisson' ? -Math.log(1 - random()) : 1);
  let next = arrivals === 'poisson' ? gap() : 0;
  let before = 0;
  for (const piece of pieces) {
    const inside = ((piece.fromRps + piece.toRps) / 2) * (piece.toS - piece.fromS);
    for (; next < before + inside; next += gap()) {
      scheduledUs.push((piece.fromS + secondsUntil(next - before, piece)) * US_PER_S);
    }
    before += inside;
  }
  return Float64Array.from(scheduledUs);
}

/**
 * The root of a t^2 + r0 t = n with a = (r1 - r0) / (2 length), in the form that loses no digits to cancellation and
 * is n / r0 where the rate is level.
 */
function secondsUntil(expected: number, { fromS, toS, fromRps, toRps }: RatePiece): number {
  const a = (toRps - fromRps) / (2 * (toS - fromS));
  const root = Math.sqrt(Math.max(0, fromRps * fromRps + 4 * a * expected));
  return (2 * expected) / (fromRps + root);
}
