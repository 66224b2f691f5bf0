import type { Stat } from '../contract/report.js';
import { perCentOf, squaredErrorOfMean } from './log-scale.js';
import { studentQuantile, studentTwoSidedP } from './student-t.js';

export const NO_STAT: Stat = { value: null, ci95: null, n: 0, censored: false };

/** @returns null for no values */
export function mean(values: readonly number[]): number | null {
  return values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * One figure over repeats: the value is the mean of the repeats' values; the interval is Student's t over the
 * repeats on the log scale, exp(m +- t s / sqrt(n)) with m and s of the logarithms. Never over requests: those
 * of one process are not independent (Treadmill, ISCA 2016).
 *
 * The interval is null for fewer than two repeats, and where a value is not positive (it has no logarithm).
 */
export function statOverRepeats(values: readonly (number | null)[], censored = false): Stat {
  const present = values.filter((value) => value !== null);
  const value = mean(present);
  if (value === null) return { ...NO_STAT, censored };
  const summary = present.every((x) => x > 0) ? summarise(present.map(Math.log)) : null;
  const ci95: Stat['ci95'] = summary === null ? null : [Math.exp(summary.low), Math.exp(summary.high)];
  return { value, ci95, n: present.length, censored };
}

/** How much more one figure is than another. */
export interface Difference {
  /** (a - b) / b in per cent, from the mean log ratio, with its 95 % interval. */
  differencePct: Stat;
  /** Two-sided, of "no difference", before any correction for several comparisons; null without an interval. */
  pValue: number | null;
}

/** Where the figures do not tell. */
export const NO_DIFFERENCE: Difference = { differencePct: NO_STAT, pValue: null };

/**
 * Difference of two figures measured block by block: d = ln(a / b) in each block, Student's t over the blocks,
 * shown as 100 (exp(d) - 1). Pairing takes out what a whole block had in common (a warm or a noisy machine).
 * A block where either value is missing is left out; without positive values there is no difference.
 */
export function pairedDifference(
  blocks: readonly (readonly [a: number | null, b: number | null])[],
): Difference {
  const logRatios: number[] = [];
  for (const [a, b] of blocks) {
    if (a === null || b === null) continue;
    if (!(a > 0 && b > 0)) return NO_DIFFERENCE;
    logRatios.push(Math.log(a / b));
  }
  const centre = mean(logRatios);
  if (centre === null) return NO_DIFFERENCE;
  const summary = summarise(logRatios);
  return {
    differencePct: {
      value: perCentOf(centre),
      ci95: summary === null ? null : [perCentOf(summary.low), perCentOf(summary.high)],
      n: logRatios.length,
      censored: false,
    },
    pValue: summary === null ? null : summary.pValue,
  };
}

/** Mean with its 95 % t interval and the p-value of "the mean is zero"; null for fewer than two values. */
function summarise(values: readonly number[]): { low: number; high: number; pValue: number } | null {
  const interval = meanInterval(values, 0.95);
  if (interval === null) return null;
  const { centre, standardError, low, high } = interval;
  // Equal values to the last bit leave no doubt: t is 0/0 or infinite there.
  const noSpread = centre === 0 ? 1 : 0;
  const pValue = standardError === 0 ? noSpread : studentTwoSidedP(centre / standardError, values.length - 1);
  return { low, high, pValue };
}

export interface MeanInterval {
  readonly centre: number;
  readonly standardError: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Student's t interval of a mean, m +- t s / sqrt(n) with n - 1 degrees of freedom.
 *
 * @param confidence 0.95 for the 95 % interval
 * @returns null for fewer than two values
 */
export function meanInterval(values: readonly number[], confidence: number): MeanInterval | null {
  const count = values.length;
  const centre = mean(values);
  if (centre === null || count < 2) return null;
  const standardError = Math.sqrt(squaredErrorOfMean(values, centre));
  const half = studentQuantile(1 - (1 - confidence) / 2, count - 1) * standardError;
  return { centre, standardError, low: centre - half, high: centre + half };
}
