import { highestSupportedPercentile, percentile, sortSamples } from '@servelab/core';
import type { LatencyPopulation } from './latency-population.js';

/** Latency by percentile over all repeats together, for the picture; figures and intervals are over repeats. */
export interface QuantileCurve {
  readonly steps: readonly { readonly fraction: number; readonly ms: number }[];
  /** The highest percentile that the samples support, as a fraction: beyond it the curve is left away. */
  readonly supported: number;
}

/** Steps of a log tail: each nine takes the same width, so 0.9, 0.99 and 0.999 are evenly spaced. */
const STEPS_A_NINE = 16;

export function quantileCurve(populations: readonly LatencyPopulation[]): QuantileCurve {
  const samples = sortSamples(populations.flatMap((one) => Array.from(one.samples)));
  const supported = highestSupportedPercentile(samples.length);
  const nines = -Math.log10(1 - supported);
  const fractions = Array.from(
    { length: Math.floor(nines * STEPS_A_NINE) + 1 },
    (_, i) => 1 - 10 ** (-i / STEPS_A_NINE),
  );
  const steps = [...fractions, supported].flatMap((fraction) => {
    const ms = percentile(samples, fraction);
    return ms === null ? [] : [{ fraction, ms }];
  });
  return { steps, supported };
}
