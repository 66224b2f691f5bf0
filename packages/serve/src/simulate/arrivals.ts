import type { Random } from '@servelab/core';

/** How images arrive: `poisson`, or `bursty`, a Poisson process whose rate changes between two states. */
export type ArrivalProcess = 'poisson' | 'bursty';

export const ARRIVAL_PROCESSES: readonly ArrivalProcess[] = ['poisson', 'bursty'];

/** A fifth of the time is a burst at three times the mean rate; the rest is at half of it. The mean is 1. */
const BURST = { rate: 3, share: 0.2, meanImages: 50 } as const;
const QUIET_RATE = (1 - BURST.rate * BURST.share) / (1 - BURST.share);

/**
 * Moments of `count` arrivals, microseconds, ascending.
 *
 * `bursty` is a two-state Markov-modulated Poisson process: bursts are exponentially long with 50 images on
 * average, and the quiet times between them such that a fifth of the time is burst.
 */
export function arrivalMoments(
  process: ArrivalProcess,
  count: number,
  meanGapUs: number,
  random: Random,
): Float64Array {
  return process === 'poisson' ? poisson(count, meanGapUs, random) : bursty(count, meanGapUs, random);
}

function poisson(count: number, meanGapUs: number, random: Random): Float64Array {
  let atUs = 0;
  return Float64Array.from({ length: count }, () => {
    atUs += exponential(meanGapUs, random);
    return atUs;
  });
}

function bursty(count: number, meanGapUs: number, random: Random): Float64Array {
  const burstUs = (BURST.meanImages * meanGapUs) / BURST.rate;
  const quietUs = (burstUs * (1 - BURST.share)) / BURST.share;
  let inBurst = random() < BURST.share;
  let atUs = 0;
  let changeUs = exponential(inBurst ? burstUs : quietUs, random);
  return Float64Array.from({ length: count }, () => {
    for (;;) {
      const nextUs = atUs + exponential(meanGapUs / (inBurst ? BURST.rate : QUIET_RATE), random);
      if (nextUs < changeUs) {
        atUs = nextUs;
        return atUs;
      }
      // Without memory: what would have come after the change is drawn anew at the new rate.
      atUs = changeUs;
      inBurst = !inBurst;
      changeUs = atUs + exponential(inBurst ? burstUs : quietUs, random);
    }
  });
}

/** 1 - u, not u: u may be 0. */
const exponential = (mean: number, random: Random): number => -Math.log(1 - random()) * mean;
