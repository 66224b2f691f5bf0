/**
 * p-values adjusted for the number of questions asked at once: Holm's step-down method ("A Simple Sequentially
 * Rejective Multiple Test Procedure", 1979). In ascending order, p(k) is multiplied by m - k + 1 and never falls
 * below the one before. Compared with 0.05, the chance of even one false claim in the family is at most 5 %.
 *
 * @param pValues null where no question could be asked: it is none of the m, and stays 1
 * @returns in the order given
 */
export function holmAdjusted(pValues: readonly (number | null)[]): number[] {
  const asked = pValues.flatMap((p, position) => (p === null ? [] : [{ p, position }]));
  const adjusted = pValues.map(() => 1);
  let floor = 0;
  for (const [rank, { p, position }] of asked.sort((x, y) => x.p - y.p).entries()) {
    floor = Math.max(floor, Math.min(1, p * (asked.length - rank)));
    adjusted[position] = floor;
  }
  return adjusted;
}
