/** State of the workers from which the end of a queued image's batch is forecast. */
export interface Forecast {
  readonly nowUs: number;
  readonly costUs: (size: number) => number;
  readonly workers: number;
  /** Ends expected of the batches that run, microseconds. */
  readonly runningEndsUs: readonly number[];
  /** Images of a batch at this length of the queue. */
  readonly batchSize: number;
}

/**
 * When the image at a place of the queue will have its result, if batches keep their size: after the first worker is free,
 * one round of all workers for every `workers * batchSize` images before it, and its own batch. While a worker is idle,
 * the first image may start at once, alone if necessary.
 *
 * @param place 0 for the next image
 */
export function predictedFinishUs(place: number, forecast: Forecast): number {
  const { nowUs, costUs, workers, runningEndsUs, batchSize } = forecast;
  const batchesBefore = Math.floor(place / batchSize);
  if (runningEndsUs.length < workers && batchesBefore === 0) return nowUs + costUs(1);
  const firstFreeUs = runningEndsUs.length < workers ? nowUs : Math.max(nowUs, Math.min(...runningEndsUs));
  // Workers end one after the other: with several, the next batch starts a share of a batch later.
  return firstFreeUs + (batchesBefore / workers + 1) * costUs(batchSize);
}

/** Share of the time left that is kept as a margin: a slightly wrong prediction must not waste a batch. */
const DEADLINE_MARGIN = 0.1;

/** Whether a new image should be rejected at once, as its result would be late. */
export function wouldBeLate(deadlineUs: number, place: number, forecast: Forecast): boolean {
  const leftUs = deadlineUs - forecast.nowUs;
  return predictedFinishUs(place, forecast) + DEADLINE_MARGIN * leftUs > deadlineUs;
}

/**
 * Size of a batch whose first deadline is given: smaller than `size` where only a smaller batch is on time.
 *
 * @returns 0 where not even a batch of one is on time
 */
export function sizeOnTime(
  size: number,
  deadlineUs: number,
  nowUs: number,
  costUs: (size: number) => number,
): number {
  for (let n = size; n >= 1; n--) if (nowUs + costUs(n) <= deadlineUs) return n;
  return 0;
}
