/** Confidence of the one-sided bound that a percentile must have before it is shown. */
const CONFIDENCE = 0.99;

/**
 * Fewest samples that support a percentile: the smallest n whose largest sample is an upper confidence bound
 * for it, 1 - p^n >= 0.99, so n = ln(0.01) / ln(p) rounded up. p50 7, p90 44, p95 90, p99 459, p99.9 4,603.
 * The distribution-free bound of order statistics, as in MLPerf's early stopping.
 *
 * @throws RangeError for a fraction outside (0, 1)
 */
export function samplesForPercentile(fraction: number): number {
  if (!(fraction > 0 && fraction < 1)) throw new RangeError(`fraction must be in (0, 1), got ${fraction}`);
  return Math.ceil(Math.log(1 - CONFIDENCE) / Math.log(fraction));
}

/** The highest percentile, as a fraction, that this many samples support; 0 for none. */
export function highestSupportedPercentile(samples: number): number {
  return samples <= 0 ? 0 : (1 - CONFIDENCE) ** (1 / samples);
}
