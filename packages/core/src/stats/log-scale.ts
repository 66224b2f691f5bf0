/** A difference of logarithms, as the per cent by which one figure exceeds the other. */
export const perCentOf = (logRatio: number): number => 100 * Math.expm1(logRatio);

/** The standard error of a mean, squared: the sample variance over the count. @param values at least two */
export function squaredErrorOfMean(values: readonly number[], mean: number): number {
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return variance / values.length;
}
