import { MS_PER_S, US_PER_MS } from '@servelab/core';
import { MovingMean } from './moving-mean.js';

/** About the last ten batches count: a deadline and `Retry-After` are about the machine as it is now. */
const NEWEST_SHARE = 0.2;

/**
 * Expected time of a batch on a worker: inference as measured size by size at warm-up, plus the overhead of each image
 * (decoding, the way to the worker and back), learned from the batches that ran.
 *
 * The `optimal` policy has a model of its own (`LearnedCosts`), as a plan has to compare batch sizes and may not follow
 * every busy moment; here one size is at stake, and an outdated value misses a deadline.
 */
export class BatchCost {
  readonly #inferUs: readonly number[];
  readonly #overheadUs = new MovingMean(0, NEWEST_SHARE, Number.POSITIVE_INFINITY);
  readonly #perImageUs: MovingMean;

  /** @param inferUs of a batch of n at index n - 1, at least one entry */
  constructor(inferUs: readonly number[]) {
    this.#inferUs = inferUs;
    this.#perImageUs = new MovingMean(inferUs[0] ?? 0, NEWEST_SHARE, Number.POSITIVE_INFINITY);
  }

  /** @param occupiedUs from the start of the batch to its result */
  observe(size: number, inferUs: number, occupiedUs: number): void {
    this.#overheadUs.add((occupiedUs - inferUs) / size);
    this.#perImageUs.add(occupiedUs / size);
  }

  batchUs(size: number): number {
    const inferUs = this.#inferUs[size - 1] ?? this.#inferUs.at(-1) ?? 0;
    return inferUs + this.#overheadUs.value * size;
  }

  /** Whole seconds until what is queued now has been served at the recent pace; at least 1. */
  drainS(queuedImages: number, workers: number): number {
    const drainUs = (queuedImages * this.#perImageUs.value) / Math.max(1, workers);
    return Math.max(1, Math.ceil(drainUs / US_PER_MS / MS_PER_S));
  }
}
