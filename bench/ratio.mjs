import { pairedDifference } from '@servelab/core';

/**
 * Ratio of two figures that were measured pair by pair.
 *
 * @param {readonly (readonly [number, number])[]} pairs [one, other]
 * @returns {{ratio: number, low: number, high: number}} one / other with its 95 % interval: Student's t over
 *   the pairs, on the log scale; NaN bounds for a single pair
 */
export function pairedRatio(pairs) {
  const { value, ci95 } = pairedDifference(pairs).differencePct;
  const [ratio, low, high] = [value, ...(ci95 ?? [Number.NaN, Number.NaN])].map((pct) => 1 + pct / 100);
  return { ratio, low, high };
}
