import { mean, percentile, sortSamples } from '@servelab/core';
import { NO_TIMES, type Times } from '../imported-load.js';

/** Times of single requests, ms: percentiles as everywhere in the lab (Hyndman and Fan, type 7). */
export function sampleTimes(valuesMs: readonly number[]): Times {
  const sorted = sortSamples(valuesMs);
  return {
    mean: mean(valuesMs),
    p50: percentile(sorted, 0.5),
    p90: percentile(sorted, 0.9),
    p95: percentile(sorted, 0.95),
    p99: percentile(sorted, 0.99),
    p99_9: percentile(sorted, 0.999),
    max: percentile(sorted, 1),
  };
}

/**
 * Times from counted values, by the order statistics: the smallest value that at least a fraction p of all are not
 * above. Values of one bucket are one value, so there is nothing to interpolate between.
 */
export function histogramTimes(counts: ReadonlyMap<number, number>): Times {
  const values = [...counts.keys()].sort((a, b) => a - b);
  const total = [...counts.values()].reduce((sum, count) => sum + count, 0);
  if (total === 0) return NO_TIMES;
  const at = (fraction: number): number | null => {
    const wanted = Math.max(1, Math.ceil(fraction * total));
    let seen = 0;
    for (const value of values) {
      seen += counts.get(value) ?? 0;
      if (seen >= wanted) return value;
    }
    return null;
  };
  const sum = values.reduce((all, value) => all + value * (counts.get(value) ?? 0), 0);
  return {
    mean: sum / total,
    p50: at(0.5),
    p90: at(0.9),
    p95: at(0.95),
    p99: at(0.99),
    p99_9: at(0.999),
    max: values.at(-1) ?? null,
  };
}
