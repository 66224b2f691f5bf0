import { type BatchPlan, plannedTake } from './batch-plan.js';

export interface ReplayInput {
  /** Moments of arrival, microseconds, ascending. */
  readonly arrivalsUs: Float64Array;
  /** Of a batch of n at index n - 1, microseconds. */
  readonly costsUs: readonly number[];
  readonly workers: number;
  /** No image waits longer than this beside an idle worker. */
  readonly maxWaitUs: number;
}

/** A queue this long says that the plan cannot keep up; what comes after is not replayed. */
const HOPELESS_QUEUE = 2000;

/**
 * Mean time in the system of the images under a plan, microseconds: the discrete-event simulator's answer
 * (`simulate/`), for plans alone and some fifty times as fast, since it is asked dozens of times for one choice.
 *
 * @returns infinity where the queue runs away
 */
export function replayPlan(plan: BatchPlan, input: ReplayInput): number {
  const { arrivalsUs, costsUs, workers, maxWaitUs } = input;
  const count = arrivalsUs.length;
  const freeUs = new Float64Array(workers);
  let nowUs = 0;
  let head = 0;
  /** Images that have arrived by now. */
  let arrived = 0;
  let totalUs = 0;
  /** Since when a worker has been idle without a break. */
  let idleSinceUs = 0;

  while (head < count) {
    while (arrived < count && (arrivalsUs[arrived] as number) <= nowUs) arrived++;
    const waiting = arrived - head;
    if (waiting > HOPELESS_QUEUE) return Number.POSITIVE_INFINITY;
    let idle = 0;
    let idleWorker = -1;
    let nextFreeUs = Number.POSITIVE_INFINITY;
    for (let worker = workers - 1; worker >= 0; worker--) {
      const atUs = freeUs[worker] as number;
      if (atUs <= nowUs) {
        idle++;
        idleWorker = worker;
      } else if (atUs < nextFreeUs) nextFreeUs = atUs;
    }
    const nextArrivalUs = arrived < count ? (arrivalsUs[arrived] as number) : Number.POSITIVE_INFINITY;
    if (waiting === 0) {
      nowUs = nextArrivalUs;
      continue;
    }
    if (idle === 0) {
      nowUs = nextFreeUs;
      idleSinceUs = nextFreeUs;
      continue;
    }
    let size = plannedTake(plan, idle, waiting);
    if (size === 0) {
      const endUs = Math.min(
        Math.max(arrivalsUs[arrived - 1] as number, idleSinceUs) + plan.patienceUs,
        Math.max(arrivalsUs[head] as number, idleSinceUs) + maxWaitUs,
      );
      if (endUs > nowUs) {
        nowUs = Math.min(endUs, nextArrivalUs, nextFreeUs);
        continue;
      }
      size = Math.min(waiting, plan.largest);
    }
    const doneUs = nowUs + (costsUs[size - 1] as number);
    freeUs[idleWorker] = doneUs;
    for (const end = head + size; head < end; head++) totalUs += doneUs - (arrivalsUs[head] as number);
  }
  return totalUs / count;
}
