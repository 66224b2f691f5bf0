/** So many batches of one size count as much as the trend of all sizes. */
const TRUST_IN_TREND = 4;
const LONGEST_MEMORY = 20;
/** Share of the newest batch in the trend of all sizes. */
const NEWEST_SHARE = 0.05;

/**
 * How long a batch occupies a worker: what was measured size by size at warm-up, times what the batches that ran
 * took of it. A size that has not run follows the trend of those that have.
 */
export class LearnedCosts {
  readonly #measuredUs: readonly number[];
  readonly #ratios: { mean: number; count: number }[];
  #trend = 1;
  #observed = 0;

  /** @param measuredUs of a batch of n at index n - 1 */
  constructor(measuredUs: readonly number[]) {
    this.#measuredUs = measuredUs;
    this.#ratios = measuredUs.map(() => ({ mean: 1, count: 0 }));
  }

  observe(size: number, occupiedUs: number): void {
    const measuredUs = this.#measuredUs[size - 1];
    const own = this.#ratios[size - 1];
    if (measuredUs === undefined || own === undefined || measuredUs <= 0) return;
    const ratio = occupiedUs / measuredUs;
    this.#observed++;
    this.#trend += Math.max(NEWEST_SHARE, 1 / this.#observed) * (ratio - this.#trend);
    own.count = Math.min(own.count + 1, LONGEST_MEMORY);
    own.mean += (ratio - own.mean) / own.count;
  }

  costUs(size: number): number {
    const { mean, count } = this.#ratios[size - 1] ?? { mean: 1, count: 0 };
    const ratio = (mean * count + this.#trend * TRUST_IN_TREND) / (count + TRUST_IN_TREND);
    return (this.#measuredUs[size - 1] ?? this.#measuredUs.at(-1) ?? 0) * ratio;
  }

  /** Of a batch of n at index n - 1. */
  all(): number[] {
    return this.#measuredUs.map((_, index) => this.costUs(index + 1));
  }
}
