/** So many batches of one size count as much as what was measured at warm-up. */
const TRUST_IN_MEASURED = 16;
/** Longer than a machine's passing moods, which fall on whatever size runs just then. */
const LONGEST_MEMORY = 200;
/** Share of the newest batch in the trend of all sizes. */
const NEWEST_SHARE = 0.05;
/** Measured times that are no further than this from a straight line are taken for one: what is left is chance. */
const STRAIGHT_WITHIN = 0.08;

/**
 * How long a batch occupies a worker: what was measured size by size at warm-up, times the trend of all that ran, times
 * how the batches of that size differed from the trend. Differences between sizes decide about the plan, and a few per
 * cent of chance in one of them would be taken for a reason to batch: so they are learned slowly, and a curve that is
 * nearly straight is made so.
 */
export class LearnedCosts {
  readonly #measuredUs: readonly number[];
  /** How each size differs from the trend. */
  readonly #ratios: { mean: number; count: number }[];
  #trend = 1;
  #observed = 0;

  /** @param measuredUs of a batch of n at index n - 1 */
  constructor(measuredUs: readonly number[]) {
    this.#measuredUs = straightened(measuredUs);
    this.#ratios = measuredUs.map(() => ({ mean: 1, count: 0 }));
  }

  observe(size: number, occupiedUs: number): void {
    const measuredUs = this.#measuredUs[size - 1];
    const own = this.#ratios[size - 1];
    if (measuredUs === undefined || own === undefined || measuredUs <= 0) return;
    const ratio = occupiedUs / measuredUs;
    this.#observed++;
    this.#trend += Math.max(NEWEST_SHARE, 1 / this.#observed) * (ratio / this.#differs(own) - this.#trend);
    own.count = Math.min(own.count + 1, LONGEST_MEMORY);
    own.mean += (ratio / this.#trend - own.mean) / own.count;
  }

  costUs(size: number): number {
    const own = this.#ratios[size - 1] ?? { mean: 1, count: 0 };
    return (this.#measuredUs[size - 1] ?? this.#measuredUs.at(-1) ?? 0) * this.#trend * this.#differs(own);
  }

  /** Of a batch of n at index n - 1. */
  all(): number[] {
    return this.#measuredUs.map((_, index) => this.costUs(index + 1));
  }

  #differs({ mean, count }: { mean: number; count: number }): number {
    return (mean * count + TRUST_IN_MEASURED) / (count + TRUST_IN_MEASURED);
  }
}

/** The straight line through the times, by least squares of relative errors, where all of them are near it. */
function straightened(measuredUs: readonly number[]): readonly number[] {
  if (measuredUs.length < 3 || measuredUs.some((us) => !(us > 0))) return measuredUs;
  // Weights 1 / t^2: each size counts by its relative error.
  let [w, wn, wnn, wt, wnt] = [0, 0, 0, 0, 0];
  for (const [index, us] of measuredUs.entries()) {
    const [n, weight] = [index + 1, 1 / us ** 2];
    w += weight;
    wn += weight * n;
    wnn += weight * n * n;
    wt += weight * us;
    wnt += weight * n * us;
  }
  const perImageUs = (w * wnt - wn * wt) / (w * wnn - wn * wn);
  const fixedUs = (wt - perImageUs * wn) / w;
  const line = measuredUs.map((_, index) => fixedUs + perImageUs * (index + 1));
  const isStraight = measuredUs.every(
    (us, index) => Math.abs((line[index] ?? 0) / us - 1) <= STRAIGHT_WITHIN,
  );
  return isStraight && perImageUs > 0 ? line : measuredUs;
}
