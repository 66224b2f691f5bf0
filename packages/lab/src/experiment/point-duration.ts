import { type Load, samplesForPercentile, US_PER_S } from '@servelab/core';
import type { ExperimentPlan } from './experiment-plan.js';

/** What decides at an open rate (analyse/headline-metric.ts). */
const DECISIVE_PERCENTILE = 0.95;
/** Poisson arrivals may be fewer than expected: three standard deviations of the fewest that are needed. */
const IN_HAND = 1.35;

/**
 * How long one point is measured: as the plan says, or longer where a slow open rate would bring too few requests,
 * over all repeats, for the percentile that decides.
 */
export function pointDurationUs(
  load: Load,
  {
    durationUs,
    repeats,
    extendSlowPoints,
  }: Pick<ExperimentPlan, 'durationUs' | 'repeats' | 'extendSlowPoints'>,
): number {
  if (load.rate_rps === undefined || !extendSlowPoints) return durationUs;
  const requests = (samplesForPercentile(DECISIVE_PERCENTILE) * IN_HAND) / repeats;
  return Math.max(durationUs, Math.ceil((requests / load.rate_rps) * US_PER_S));
}
