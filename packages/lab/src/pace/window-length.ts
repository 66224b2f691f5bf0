import { samplesForPercentile, US_PER_S } from '@servelab/core';

/** Poisson arrivals may be fewer than expected: three standard deviations of the fewest that are needed. */
const SAMPLE_MARGIN = 1.35;

/** How long an open rate takes, almost surely, to bring so many requests; microseconds. */
export const timeForRequestsUs = (requests: number, rateRps: number): number =>
  Math.ceil(((requests * SAMPLE_MARGIN) / rateRps) * US_PER_S);

/** How long each of some repeats lasts that together bring, almost surely, enough requests for a percentile. */
export function windowForSamplesUs(rateRps: number, fraction: number, repeats: number): number {
  return timeForRequestsUs(samplesForPercentile(fraction) / repeats, rateRps);
}
