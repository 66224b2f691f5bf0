/** Measured milliseconds of a batch, by batch size; sizes in any order, 1 among them. */
export type MeasuredCosts = Readonly<Record<number, number>>;

/**
 * Milliseconds of a batch of n at index n - 1, up to the largest size measured; straight lines between
 * neighbouring sizes.
 *
 * @throws RangeError if size 1 was not measured
 */
export function denseCosts(measured: MeasuredCosts): number[] {
  const points = Object.entries(measured)
    .map(([size, ms]) => ({ size: Number(size), ms }))
    .sort((a, b) => a.size - b.size);
  const [first, ...rest] = points;
  if (first?.size !== 1) throw new RangeError('the cost of a batch of 1 is needed');

  const costMs = [first.ms];
  let from = first;
  for (const to of rest) {
    const slopeMs = (to.ms - from.ms) / (to.size - from.size);
    for (let size = from.size + 1; size <= to.size; size++) {
      costMs.push(size === to.size ? to.ms : from.ms + slopeMs * (size - from.size));
    }
    from = to;
  }
  return costMs;
}

/**
 * Milliseconds of a batch of `count`. Beyond the last size the line through the last two goes on, but never
 * falls: a larger batch cannot be had for less. With one size known, every image costs that much.
 */
export function batchCostMs(costMs: readonly number[], count: number): number {
  const known = costMs[count - 1];
  if (known !== undefined) return known;
  const last = costMs.at(-1) ?? 0;
  const slopeMs = Math.max(0, last - (costMs.at(-2) ?? 0));
  return last + slopeMs * (count - costMs.length);
}
