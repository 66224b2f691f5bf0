import { mean } from './over-repeats.js';
import { studentTwoSidedP } from './student-t.js';

/** A straight line through values at equal distances. */
export interface LinearTrend {
  /** Growth of the line from the first value to the last. */
  readonly change: number;
  /** Two-sided, of "no growth": Student's t with n - 2 degrees of freedom on the slope. */
  readonly pValue: number;
}

/**
 * Ordinary least squares of the values on their positions: slope = sum((i - m) y) / sum((i - m)^2), its standard
 * error from the residuals (Draper and Smith, Applied Regression Analysis, 1.3-1.4). Means of stretches of a run
 * (batch means) may go in where single requests, which depend on each other, may not.
 *
 * @returns null for fewer than three values
 */
export function linearTrend(values: readonly number[]): LinearTrend | null {
  const count = values.length;
  const centre = mean(values);
  if (centre === null || count < 3) return null;
  const middle = (count - 1) / 2;
  const squared = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  const slope = leastSquaresSlope(values);
  const residual = values.reduce((sum, y, i) => sum + (y - centre - slope * (i - middle)) ** 2, 0);
  const standardError = Math.sqrt(residual / (count - 2) / squared);
  const onTheLine = slope === 0 ? 1 : 0;
  const pValue = standardError === 0 ? onTheLine : studentTwoSidedP(slope / standardError, count - 2);
  return { change: slope * (count - 1), pValue };
}

/** Growth a step of the least-squares line; NaN for fewer than two values. */
export function leastSquaresSlope(values: readonly number[]): number {
  const middle = (values.length - 1) / 2;
  const crossed = values.reduce((sum, y, i) => sum + (i - middle) * y, 0);
  const squared = values.reduce((sum, _, i) => sum + (i - middle) ** 2, 0);
  return crossed / squared;
}
