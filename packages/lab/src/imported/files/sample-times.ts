import { mean, percentile, sortSamples } from '@servelab/core';
import type { Times } from '../imported-load.js';

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
