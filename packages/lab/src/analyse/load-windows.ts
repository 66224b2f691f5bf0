import { type Drift, type LoadWindow, linearTrend, mean, US_PER_S } from '@servelab/core';
import { profileWindows } from '../pace/profile-windows.js';
import { BAND_PCT } from './compare-stacks.js';
import { latencyPopulation, latencyStats } from './latency-population.js';
import { addCounts, countOutcomes } from './outcome-counts.js';
import { measuredRecords, measuredWindow, type PointSample } from './point-sample.js';

/** Beyond chance at this level, as the other tests of steadiness. */
const SIGNIFICANCE = 0.01;

/**
 * What happened in each stretch of a load whose rate changes, or of a soak: a request belongs to the stretch that it
 * was scheduled in, however late it was answered. Null for a load without a profile.
 */
export function loadWindows(samples: readonly PointSample[]): LoadWindow[] | null {
  const [first] = samples;
  const { profile, rate_rps } = first?.run.load ?? {};
  if (first === undefined || profile === undefined || rate_rps === undefined) return null;
  const { durationS } = measuredWindow(first.run);
  const { planned_us } = first.run;
  const plannedS = planned_us === undefined ? durationS : planned_us / US_PER_S;
  const planned = profileWindows(rate_rps, profile, plannedS)
    .filter(({ fromS }) => fromS < durationS)
    .map((window) => ({ ...window, toS: Math.min(window.toS, durationS) }));
  return planned.map(({ fromS, toS, plannedRps }, position) => {
    // Records are kept in whole microseconds: what is due at the very start or end may stand a fraction outside.
    const startS = position === 0 ? Number.NEGATIVE_INFINITY : fromS;
    const endS = position === planned.length - 1 ? Number.POSITIVE_INFINITY : toS;
    const parts = samples.map((sample) => scheduledWithin(sample, startS, endS));
    const { scheduled, ok } = addCounts(parts.map(({ records }) => countOutcomes(records)));
    const { p50, p95 } = latencyStats(parts.map((part) => latencyPopulation(part, 'scheduled')));
    const lengthS = (toS - fromS) * samples.length;
    return {
      from_s: fromS,
      to_s: toS,
      ...(plannedRps !== null && { planned_rps: plannedRps }),
      scheduled,
      ok,
      offered_rps: scheduled / lengthS,
      ok_rps: ok / lengthS,
      p50_ms: p50,
      p95_ms: p95,
    };
  });
}

/**
 * Whether p95 latency drifts over a soak: a test of the slope through the windows' values, which depend on each
 * other less than requests do. A drift is beyond chance at the 99 % level and of practical interest. Null where a
 * window has too few requests for its p95.
 */
export function driftOf(windows: readonly LoadWindow[]): Drift | null {
  const values = windows.flatMap(({ p95_ms }) => p95_ms.value ?? []);
  const centre = mean(values);
  if (values.length < windows.length || centre === null || centre === 0) return null;
  const trend = linearTrend(values);
  if (trend === null) return null;
  const changePct = (100 * trend.change) / centre;
  return {
    change_pct: changePct,
    p_value: trend.pValue,
    drifts: trend.pValue < SIGNIFICANCE && Math.abs(changePct) > BAND_PCT,
  };
}

function scheduledWithin(sample: PointSample, fromS: number, toS: number): PointSample {
  const { startUs } = measuredWindow(sample.run);
  const inside = (scheduledUs: number) => {
    const atS = (scheduledUs - startUs) / US_PER_S;
    return atS >= fromS && atS < toS;
  };
  return { ...sample, records: measuredRecords(sample).filter(({ scheduled }) => inside(scheduled)) };
}
