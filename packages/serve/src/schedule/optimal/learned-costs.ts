import { AnswerCost } from './answer-cost.js';

/** So many batches of one size count as much as what was measured at warm-up. */
const TRUST_IN_MEASURED = 8;
const LONGEST_MEMORY = 100;
/** Share of the newest batch in the trend of all sizes. */
const NEWEST_SHARE = 0.05;
/** Share of a batch of one that an answer is taken to cost at most. */
const MOST_ANSWER_SHARE = 0.25;

/** A batch that has ended. */
export interface EndedBatch {
  readonly size: number;
  readonly occupiedUs: number;
  /** Images of the batch whose end began this one; 0 where the worker was idle before. */
  readonly before: number;
}

/**
 * How long a batch occupies a worker: what was measured size by size at warm-up, times the trend of all batches that
 * ran, times what those of this size differ from the trend.
 *
 * A difference between sizes is easily mistaken for what is none, and the plan would exploit it. Two things are
 * therefore kept out of it. A batch that begins on an idle worker takes longer, whatever its size, and small ones more
 * often begin so: only those that followed another batch at once are compared. And the answers of the batch before are
 * sent while a batch runs, so that one after a large batch takes longer: each size is charged for its own answers.
 */
export class LearnedCosts {
  readonly #measuredUs: readonly number[];
  /** Of batches that followed another, by size: the mean of time over trend, and of the size before. */
  readonly #sizes: { ratio: number; before: number; count: number }[];
  readonly #answer: AnswerCost;
  readonly #trend = new Trend();
  readonly #followingTrend = new Trend();

  /** @param measuredUs of a batch of n at index n - 1 */
  constructor(measuredUs: readonly number[]) {
    this.#measuredUs = measuredUs;
    this.#sizes = measuredUs.map((_, index) => ({ ratio: 1, before: index + 1, count: 0 }));
    this.#answer = new AnswerCost(MOST_ANSWER_SHARE * (measuredUs[0] ?? 0));
  }

  observe({ size, occupiedUs, before }: EndedBatch): void {
    const measuredUs = this.#measuredUs[size - 1];
    const own = this.#sizes[size - 1];
    if (measuredUs === undefined || own === undefined || measuredUs <= 0) return;
    this.#trend.add(occupiedUs / measuredUs);
    if (before === 0) return;
    this.#followingTrend.add(occupiedUs / measuredUs / this.#difference(size));
    const trend = this.#followingTrend.mean;
    const larger = before - own.before;
    if (own.count > 0) this.#answer.observe(larger, occupiedUs - own.ratio * trend * measuredUs);
    own.count = Math.min(own.count + 1, LONGEST_MEMORY);
    own.before += larger / own.count;
    own.ratio += (occupiedUs / measuredUs / trend - own.ratio) / own.count;
  }

  costUs(size: number): number {
    return (
      (this.#measuredUs[size - 1] ?? this.#measuredUs.at(-1) ?? 0) * this.#trend.mean * this.#difference(size)
    );
  }

  /** Of a batch of n at index n - 1. */
  all(): number[] {
    return this.#measuredUs.map((_, index) => this.costUs(index + 1));
  }

  #difference(size: number): number {
    const own = this.#sizes[size - 1];
    const measuredUs = this.#measuredUs[size - 1];
    if (own === undefined || measuredUs === undefined) return 1;
    const answersUs = this.#answer.us * (size - own.before);
    const ratio = own.ratio + answersUs / (measuredUs * this.#followingTrend.mean);
    return (ratio * own.count + TRUST_IN_MEASURED) / (own.count + TRUST_IN_MEASURED);
  }
}

/** An exponentially weighted mean that begins as a plain one. */
class Trend {
  mean = 1;
  #count = 0;

  add(value: number): void {
    this.#count++;
    this.mean += Math.max(NEWEST_SHARE, 1 / this.#count) * (value - this.mean);
  }
}
