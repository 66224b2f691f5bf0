import { perCentOf, squaredErrorOfMean } from './log-scale.js';
import { type Difference, mean, NO_DIFFERENCE } from './over-repeats.js';
import { studentQuantile, studentTwoSidedP } from './student-t.js';

/**
 * Difference of two figures whose repeats have nothing in common, such as those of two runs: d = mean ln(a) - mean
 * ln(b), shown as 100 (exp(d) - 1). Welch's t ("The generalization of Student's problem", 1947): the variances may
 * differ, and the degrees of freedom are Satterthwaite's. Missing values are left out; without two values on each
 * side, or where one is not positive, there is no interval.
 */
export function unpairedDifference(a: readonly (number | null)[], b: readonly (number | null)[]): Difference {
  const [ofA, ofB] = [logs(a), logs(b)];
  const [meanA, meanB] = [mean(ofA), mean(ofB)];
  if (meanA === null || meanB === null) return NO_DIFFERENCE;
  const d = meanA - meanB;
  if (!Number.isFinite(d)) return NO_DIFFERENCE;
  const stat = { value: perCentOf(d), ci95: null, n: Math.min(ofA.length, ofB.length), censored: false };
  if (ofA.length < 2 || ofB.length < 2) return { differencePct: stat, pValue: null };

  const [errorA, errorB] = [squaredErrorOfMean(ofA, meanA), squaredErrorOfMean(ofB, meanB)];
  const squared = errorA + errorB;
  // Equal values to the last bit leave no doubt.
  if (squared === 0) {
    return { differencePct: { ...stat, ci95: [stat.value, stat.value] }, pValue: d === 0 ? 1 : 0 };
  }
  const degrees = squared ** 2 / (errorA ** 2 / (ofA.length - 1) + errorB ** 2 / (ofB.length - 1));
  const half = studentQuantile(0.975, degrees) * Math.sqrt(squared);
  return {
    differencePct: { ...stat, ci95: [perCentOf(d - half), perCentOf(d + half)] },
    pValue: studentTwoSidedP(d / Math.sqrt(squared), degrees),
  };
}

const logs = (values: readonly (number | null)[]): number[] =>
  values.filter((value) => value !== null).map(Math.log);
