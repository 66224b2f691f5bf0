/** Share of the newest batch in what is known. */
const NEWEST_SHARE = 0.01;
/** Images squared: where sizes vary less than this, nothing can be told from it. */
const LEAST_VARIANCE = 0.05;

/**
 * What it costs a batch that an image of the batch before is answered while it runs, where server and worker share a
 * core. Found as the slope of time over the size of the batch before (covariance over variance, exponentially
 * weighted), among batches of equal size.
 */
export class AnswerCost {
  readonly #mostUs: number;
  #covariance = 0;
  #variance = 0;

  /** @param mostUs an answer is never taken to cost more */
  constructor(mostUs: number) {
    this.#mostUs = mostUs;
  }

  /**
   * @param before by how much the batch before was larger than is usual before a batch of this size
   * @param us by how much this batch took longer than is usual for its size
   */
  observe(before: number, us: number): void {
    this.#covariance += NEWEST_SHARE * (before * us - this.#covariance);
    this.#variance += NEWEST_SHARE * (before * before - this.#variance);
  }

  get us(): number {
    if (this.#variance < LEAST_VARIANCE) return 0;
    return Math.min(this.#mostUs, Math.max(0, this.#covariance / this.#variance));
  }
}
