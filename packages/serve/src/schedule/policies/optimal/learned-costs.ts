import { MovingMean } from '../../moving-mean.js';
import type { BatchTimes } from '../../scheduler-event.js';

/** About the last hundred batches count: a busy moment of the machine should not overturn a plan. */
const NEWEST_SHARE = 0.02;

/** A batch that has ended. */
export interface EndedBatch extends BatchTimes {
  readonly size: number;
  /** Time that the worker was not free. */
  readonly occupiedUs: number;
}

/**
 * How long a batch occupies a worker: the model's time as measured size by size at warm-up, times the trend of the
 * batches that ran, plus the decoding of each image, plus the overhead of a batch (its way to the process and back).
 *
 * How sizes compare is not learned from the batches that ran, since these are no fair sample: a queue grows while the
 * machine is slow, so that small batches meet the slow moments and large ones the recovery; and a batch that begins on
 * an idle worker takes longer, which small ones more often do. The plan would take the largest such error for a gain.
 */
export class LearnedCosts {
  readonly #measuredUs: readonly number[];
  readonly #trend = new MovingMean(1, NEWEST_SHARE, 0);
  readonly #decodeUs = new MovingMean(0, NEWEST_SHARE, 0);
  readonly #overheadUs = new MovingMean(0, NEWEST_SHARE, 0);

  /** @param measuredUs the model's time for a batch of n at index n - 1 */
  constructor(measuredUs: readonly number[]) {
    this.#measuredUs = measuredUs;
  }

  observe({ size, inferUs, decodeUs, occupiedUs }: EndedBatch): void {
    const measuredUs = this.#measuredUs[size - 1];
    // Where no image could be decoded the model did not run.
    if (measuredUs === undefined || measuredUs <= 0 || inferUs <= 0) return;
    this.#trend.add(inferUs / measuredUs);
    this.#decodeUs.add(decodeUs / size);
    this.#overheadUs.add(occupiedUs - inferUs - decodeUs);
  }

  costUs(size: number): number {
    const measuredUs = this.#measuredUs[size - 1] ?? this.#measuredUs.at(-1) ?? 0;
    return measuredUs * this.#trend.value + size * this.#decodeUs.value + this.#overheadUs.value;
  }

  /** Of a batch of n at index n - 1. */
  all(): number[] {
    return this.#measuredUs.map((_, index) => this.costUs(index + 1));
  }
}
