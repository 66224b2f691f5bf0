import { MS_PER_S, US_PER_MS } from '@servelab/core';

/** Share of the newest observation in a running mean: about the last ten batches count. */
const NEWEST_SHARE = 0.2;

/**
 * What a batch costs a worker: inference as measured size by size at warm-up, plus what each image costs
 * beside it (decoding, the way to the worker and back), learned from the batches that ran.
 */
export class BatchCost {
  readonly #inferUs: readonly number[];
  #besideUs = 0;
  #perImageUs: number;

  /** @param inferUs of a batch of n at index n - 1, at least one entry */
  constructor(inferUs: readonly number[]) {
    this.#inferUs = inferUs;
    this.#perImageUs = inferUs[0] ?? 0;
  }

  /** @param occupiedUs from the start of the batch to its answer */
  observe(size: number, inferUs: number, occupiedUs: number): void {
    this.#besideUs += NEWEST_SHARE * ((occupiedUs - inferUs) / size - this.#besideUs);
    this.#perImageUs += NEWEST_SHARE * (occupiedUs / size - this.#perImageUs);
  }

  /** Expected time of a batch on a worker. */
  batchUs(size: number): number {
    const inferUs = this.#inferUs[size - 1] ?? this.#inferUs.at(-1) ?? 0;
    return inferUs + this.#besideUs * size;
  }

  /** Whole seconds until what is queued now has been served at the pace of late; at least 1. */
  drainS(queuedImages: number, workers: number): number {
    const drainUs = (queuedImages * this.#perImageUs) / Math.max(1, workers);
    return Math.max(1, Math.ceil(drainUs / US_PER_MS / MS_PER_S));
  }
}
