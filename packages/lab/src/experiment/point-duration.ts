import type { Load } from '@servelab/core';
import { FEWEST_ANSWERS } from '../load/warm-up.js';
import { timeForRequestsUs, windowForSamplesUs } from '../pace/window-length.js';
import type { ExperimentPlan } from './experiment-plan.js';

/** A warm-up that finds no steady state goes on to this multiple of its shortest length. */
const LONGEST_WARMUP = 3;

/**
 * How long one point is measured: as the plan says, or longer where a slow open rate would bring too few requests,
 * over all repeats, for the percentile of the plan. How many answers a closed load brings is not known beforehand.
 */
export function pointDurationUs(
  load: Load,
  { durationUs, repeats, extension }: Pick<ExperimentPlan, 'durationUs' | 'repeats' | 'extension'>,
): number {
  if (load.rate_rps === undefined) return durationUs;
  const neededUs = windowForSamplesUs(load.rate_rps, extension.fraction, repeats);
  return Math.max(durationUs, Math.min(neededUs, extension.maxDurationUs));
}

/** How long one point is warmed up: at least the dozen of rule 7, and the driver may go on until answers are steady. */
export function pointWarmup(
  load: Load,
  { warmupUs, extendWarmup }: Pick<ExperimentPlan, 'warmupUs' | 'extendWarmup'>,
): { readonly warmupUs: number; readonly warmupMaxUs?: number } {
  if (!extendWarmup) return { warmupUs };
  const dozenUs = load.rate_rps === undefined ? 0 : timeForRequestsUs(FEWEST_ANSWERS, load.rate_rps);
  const shortestUs = Math.max(warmupUs, dozenUs);
  return { warmupUs: shortestUs, warmupMaxUs: LONGEST_WARMUP * shortestUs };
}
