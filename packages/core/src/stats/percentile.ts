declare const ascending: unique symbol;

/** Numbers in ascending order: only `sortSamples` makes them, so a percentile is never taken of unsorted data. */
export type SortedSamples = Float64Array & { readonly [ascending]: true };

export function sortSamples(values: Iterable<number>): SortedSamples {
  return Float64Array.from(values).sort() as SortedSamples;
}

/**
 * Quantile by linear interpolation between order statistics: type 7 of Hyndman and Fan, "Sample Quantiles in
 * Statistical Packages", The American Statistician 50 (1996); the default of R and NumPy.
 *
 * @param fraction 0.99 for the 99th percentile
 * @returns null for no samples
 * @throws RangeError for a fraction outside [0, 1]
 */
export function percentile(samples: SortedSamples, fraction: number): number | null {
  const [below, above, weight] = neighbours(samples.length, fraction);
  const low = samples[below];
  const high = samples[above];
  return low === undefined || high === undefined ? null : low + weight * (high - low);
}

export interface CensoredPercentile {
  value: number;
  /** True where the value is only a lower bound. */
  censored: boolean;
}

/**
 * The same quantile where some samples are only known to be at least as large as they stand (a request that
 * timed out). Each such sample stands at its bound, so the result can only be too small; it is exact as long
 * as every bound lies above the order statistics it was computed from.
 *
 * @param lowestBound the smallest censored sample, Infinity where nothing is censored
 */
export function censoredPercentile(
  samples: SortedSamples,
  lowestBound: number,
  fraction: number,
): CensoredPercentile | null {
  const value = percentile(samples, fraction);
  if (value === null) return null;
  const [below, above, weight] = neighbours(samples.length, fraction);
  const largestUsed = samples[weight > 0 ? above : below] ?? 0;
  return { value, censored: lowestBound <= largestUsed };
}

/** Positions of the two order statistics around a quantile and the weight of the upper one: h = (n - 1) p. */
function neighbours(count: number, fraction: number): [below: number, above: number, weight: number] {
  if (!(fraction >= 0 && fraction <= 1)) throw new RangeError(`fraction must be in [0, 1], got ${fraction}`);
  const position = (count - 1) * fraction;
  const below = Math.floor(position);
  return [below, Math.min(below + 1, count - 1), position - below];
}
